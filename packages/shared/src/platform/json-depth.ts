const quote = 0x22
const backslash = 0x5c
/** What each bracket adds to the depth. */
const steps: Readonly<Record<number, number>> = { 91: 1, 93: -1, 123: 1, 125: -1 }

/**
 * Tells whether JSON nests deeper than so many levels, without reading it into values: what is far deeper than anything
 * sensible would overflow the stack of those who walk through it.
 * @param bytes UTF-8; where they are no JSON, the answer means nothing
 */
export function isDeeperThan(maxDepth: number, bytes: Uint8Array): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < bytes.length; at += 1) {
    const sign = bytes[at] ?? 0
    if (quoted && sign === backslash) at += 1
    else if (sign === quote) quoted = !quoted
    else if (!quoted) depth += steps[sign] ?? 0
    if (depth > maxDepth) return true
  }
  return false
}
