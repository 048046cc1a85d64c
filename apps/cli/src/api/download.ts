import { CliFailure } from '../failure.ts'
import { readAnswer } from './answer.ts'
import { unreachable } from './client.ts'
import { problemFailure } from './problem.ts'

/**
 * Fetches an answer that may be too large to be held, piece by piece.
 * @throws CliFailure with the server's own explanation, or that it cannot be reached
 */
export async function download(
  { baseUrl, key }: { baseUrl: string; key: string | undefined },
  path: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const headers = new Headers()
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`)
  const url = `${baseUrl.replace(/\/+$/, '')}${path}`
  const response = await fetch(url, { headers, signal, redirect: 'error' }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw unreachable(baseUrl, error)
  })
  if (!response.ok) throw problemFailure(response, await readAnswer(response))
  return pieces(response, baseUrl, signal)
}

async function* pieces(response: Response, baseUrl: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? []
  } catch (error) {
    if (error instanceof CliFailure) throw error
    signal.throwIfAborted()
    throw unreachable(baseUrl, error)
  }
}
