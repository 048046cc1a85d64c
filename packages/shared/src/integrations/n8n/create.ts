import type { MintedCredential, NewCredential } from '../integration.ts'
import type { N8nAccess } from './access.ts'
import { newKeySchema, readData, viewKey } from './answers.ts'
import { refusal } from './refuse.ts'

/**
 * Makes an API key. The request is sent once: whether one whose answer is lost was carried out, only a list tells.
 * @throws MomentryError as `Account.create`
 */
export async function createKey(
  { session, hidden }: N8nAccess,
  { name, scopes, expiresAt }: NewCredential,
): Promise<MintedCredential> {
  const answer = await session.send({
    method: 'POST',
    path: '/rest/api-keys',
    // All three are required.
    body: { label: name, scopes, expiresAt: expiresAt ? secondsOf(expiresAt) : null },
  })
  if (answer.status !== 200) throw refusal(answer, hidden)
  const key = readData(newKeySchema, answer)
  return { ...viewKey(key), secret: key.rawApiKey }
}

/** n8n counts in seconds, and takes 0 for never: a time that has long passed must not become that. */
function secondsOf(at: Date): number {
  return Math.max(1, Math.floor(at.getTime() / 1000))
}
