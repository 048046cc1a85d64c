import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'

/** Far above the largest page that the API gives. */
const maxBytes = 32 * 1024 * 1024

/** Reads an answer's body as text. @throws CliFailure where it is longer than any answer of Momentry */
export async function readAnswer(response: Response): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new CliFailure(exitCodes.failed, 'the answer is too long to be one of Momentry')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
