/** The largest answer that is read, in bytes, once it is decompressed. */
export const maxAnswerBytes = 4 * 1024 * 1024

/** Reads a body as UTF-8, and lets go of one that is larger. @returns undefined where it is larger */
export async function readBounded(body: ReadableStream<Uint8Array> | null): Promise<string | undefined> {
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the stream, and with it the connection.
    if (bytes > maxAnswerBytes) return undefined
    chunks.push(chunk)
  }
  // Drops a byte order mark, which JSON may not begin with.
  return new TextDecoder().decode(Buffer.concat(chunks))
}
