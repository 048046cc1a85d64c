/** Answers of an API are a handful deep; what is far deeper would overflow the stack of those who walk through it. */
const maxDepth = 100

/** Reads JSON. @returns undefined where the text is none, or nested too deeply */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]
    if (quoted && sign === '\\') at += 1
    else if (sign === '"') quoted = !quoted
    else if (!quoted) depth += stepOf(sign)
    if (depth > maxDepth) return true
  }
  return false
}

function stepOf(sign: string | undefined): number {
  if (sign === '[' || sign === '{') return 1
  return sign === ']' || sign === '}' ? -1 : 0
}
