/** Gives what a text holds as JSON; undefined where it holds none. Parse the result with zod. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
