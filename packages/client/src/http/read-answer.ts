import { MomentryClientError } from '../errors.ts'

/** Far above the largest answer to what this package asks. */
const maxBytes = 1024 * 1024

/**
 * Reads an answer's body as text.
 * @throws MomentryClientError `protocol` where it is longer than any answer of Momentry; what `fetch` throws where it breaks off
 */
export async function readAnswer(response: Response): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // Leaving the loop by an error cancels the rest.
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new MomentryClientError('protocol', 'the answer is too long to be one of Momentry')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Gives what a text holds as JSON; undefined where it holds none. The parser's error would quote the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
