/** How Go's `strconv.ParseInt(text, 0, 64)` reads a number; 0 for what is none. */
export function goNumber(text: string): number {
  const match = /^([+-]?)(0[xX]|0[oO]|0[bB]|0(?=[0-9_])|)([0-9a-fA-F]+)$/.exec(text)
  if (!match) return 0
  const [, sign, prefix = '', digits = ''] = match
  const base = { '0x': 16, '0o': 8, '0': 8, '0b': 2 }[prefix.toLowerCase()] ?? 10
  // JavaScript reads up to the first digit that the base does not have; Go takes all or nothing.
  const isWhole = [...digits].every((digit) => Number.parseInt(digit, 36) < base)
  if (!isWhole) return 0
  return (sign === '-' ? -1 : 1) * Number.parseInt(digits, base)
}
