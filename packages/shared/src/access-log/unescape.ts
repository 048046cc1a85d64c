const named: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, v: 11, f: 12, a: 7 }
const escapeSequence = /\\(?:x([0-9A-Fa-f]{2})|(.))/gs

/**
 * Undoes the escapes of a quoted field: `\"`, `\\`, `\n` and the like, and `\xHH`, which stands for one byte of UTF-8.
 * Bytes that are not UTF-8 become U+FFFD.
 */
export function unescapeField(text: string): string {
  if (!text.includes('\\')) return text
  const parts: Buffer[] = []
  let from = 0
  for (const match of text.matchAll(escapeSequence)) {
    parts.push(Buffer.from(text.slice(from, match.index)), escaped(match[1], match[2] ?? ''))
    from = match.index + match[0].length
  }
  parts.push(Buffer.from(text.slice(from)))
  return Buffer.concat(parts).toString('utf8')
}

function escaped(hex: string | undefined, character: string): Buffer {
  if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)])
  const code = named[character]
  return code === undefined ? Buffer.from(character) : Buffer.from([code])
}
