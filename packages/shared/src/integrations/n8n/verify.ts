import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import type { RemoteAnswer, RemoteHttp } from '../http/remote-http.ts'
import type { Verification } from '../integration.ts'
import { discoverSchema, errorSchema, workflowsSchema } from './answers.ts'
import { serverText } from './refuse.ts'

/** What can stand in a header. */
const sendable = /^[\x21-\x7e]{1,4000}$/

/**
 * Asks n8n about an API key, by the key alone: `GET /discover` takes any scope, but only newer versions have it; older
 * ones have the list of workflows.
 */
export async function verifyKey(http: RemoteHttp, secret: string): Promise<Verification> {
  if (!sendable.test(secret)) return { outcome: 'invalid', detail: 'no key of n8n looks like that' }
  try {
    const answer = await ask(http, secret, '/api/v1/discover')
    return answer.status === 404
      ? judgeWorkflows(await ask(http, secret, '/api/v1/workflows', { limit: 1 }), secret)
      : judgeDiscover(answer, secret)
  } catch (error) {
    if (error instanceof MomentryError) return { outcome: 'unreachable', detail: error.message }
    throw error
  }
}

function ask(http: RemoteHttp, secret: string, path: string, query?: Record<string, number>): Promise<RemoteAnswer> {
  return http.send({ method: 'GET', path, query, headers: { 'x-n8n-api-key': secret } })
}

function judgeDiscover(answer: RemoteAnswer, secret: string): Verification {
  const { success, data } = discoverSchema.safeParse(answer.body)
  if (answer.status !== 200 || !success) return judgeRefusal(answer, secret)
  const scopes = data.data.scopes.toSorted()
  return { outcome: 'valid', detail: 'n8n takes it', scopes, expiresAt: expiryOf(secret) }
}

function judgeWorkflows(answer: RemoteAnswer, secret: string): Verification {
  if (answer.status !== 200 || !workflowsSchema.safeParse(answer.body).success) return judgeRefusal(answer, secret)
  return { outcome: 'valid', detail: 'n8n takes it', expiresAt: expiryOf(secret) }
}

/** Only n8n's own words count: what stands before it may say 200 and 401 too, and knows nothing of keys. */
function judgeRefusal(answer: RemoteAnswer, secret: string): Verification {
  const text = serverText(answer, [secret])
  const isOwn = errorSchema.safeParse(answer.body).success
  if (answer.status === 401 && isOwn)
    return { outcome: 'invalid', detail: `n8n refused it, as what is wrong, deleted or expired alike: ${text}` }
  if (answer.status === 403 && isOwn) {
    const detail = `n8n takes it, and it lacks the scope that asking takes: ${text}`
    return { outcome: 'narrow', detail, expiresAt: expiryOf(secret) }
  }
  return { outcome: 'unreachable', detail: `n8n answered neither yes nor no: ${text}` }
}

/** Up to the year 9999, which is as far as RFC 3339 goes. */
const claims = z.object({ exp: z.int().min(0).max(253_402_300_799) })

/** A key is a JWT: decoding it proves nothing, and its expiry may be shown. */
function expiryOf(secret: string): Date | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(secret.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return new Date(claims.parse(payload).exp * 1000)
  } catch {
    return undefined
  }
}
