import { MomentryError } from '../../errors.ts'
import type { N8nAccess } from './access.ts'
import { errorSchema } from './answers.ts'
import { refusal } from './refuse.ts'

/** Deletes an API key by its id. @throws MomentryError as `Account.delete` */
export async function deleteKey({ session, hidden }: N8nAccess, remoteId: string): Promise<'deleted' | 'gone'> {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(remoteId)) throw new MomentryError('REMOTE_REFUSED', 'n8n gives no such ids')
  const answer = await session.send({ method: 'DELETE', path: `/rest/api-keys/${remoteId}` })
  if (answer.status === 200) return 'deleted'
  // Only its own words count: a proxy says 404, too.
  if (answer.status === 404 && errorSchema.safeParse(answer.body).success) return 'gone'
  throw refusal(answer, hidden)
}
