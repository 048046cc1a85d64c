import { join } from 'node:path'
import { writePrivateFile } from '@momentry/embedded/host/secret-file.ts'
import { z } from 'zod'
import { parseJson } from '../parse-json.ts'

const successorSchema = z.looseObject({ key: z.string().min(1).max(200), keyId: z.string() })
const timeoutMs = 10_000

/**
 * Fetches the successor of the data directory's own key with the secret that was rotated, and keeps it in its place. A
 * successor that somebody else fetched, or that is encrypted, is left to people.
 * @returns what to tell people
 */
export async function renewKey({ url, key, dataDir }: { url: string; key: string; dataDir: string }): Promise<string> {
  const file = join(dataDir, 'credentials.json')
  try {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/v1/keys/self/claim`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const claimed = successorSchema.safeParse(parseJson(await answer.text()))
    if (!claimed.success) return `the secret in ${file} was rotated, and its successor must be put there by hand`
    const { keyId, key: successor } = claimed.data
    await writePrivateFile(file, `${JSON.stringify({ keyId, key: successor }, null, 2)}\n`)
    return `the secret in ${file} was rotated, and is the new one now`
  } catch {
    return `the secret in ${file} was rotated, and its successor could not be fetched yet`
  }
}
