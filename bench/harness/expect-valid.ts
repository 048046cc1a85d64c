import { z } from 'zod'

const validSchema = z.object({ valid: z.literal(true) })

/**
 * Asks once about a key, before and after a measurement, so that nothing else than valid keys is measured: the load looks at
 * the status of answers alone.
 * @throws Error where the answer is not that the key is valid
 */
export async function expectValid(url: string, body: string | undefined): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: body ?? '' })
  const text = await answer.text()
  if (!answer.ok || !validSchema.safeParse(JSON.parse(text)).success)
    throw new Error(`${url} does not call its key valid: ${text}`)
}
