import type { Http } from '../http/http.ts'
import { freeze } from './freeze.ts'
import { type Verdict, verdictSchema } from './verdict.ts'

/** What is asked about a secret, as the API takes it. */
export interface Question {
  key: string
  clientIp?: string | undefined
  scopes?: readonly string[] | undefined
  scopeExpression?: string | undefined
  requestId?: string | undefined
  recordUsage?: boolean | undefined
}

/** Asks Momentry about a secret. @throws MomentryClientError */
export async function askVerdict(http: Http, question: Question, signal?: AbortSignal): Promise<Verdict> {
  const { value, headers } = await http.post(verdictSchema, { path: '/v1/keys/validate', body: question, signal })
  return freeze(addSupersededAt(value, headers))
}

/**
 * Adds what stands in the headers alone. They can be about the key that asks as well, if that is superseded: they are
 * about this secret where they name the same end.
 */
function addSupersededAt(verdict: Verdict, headers: Headers): Verdict {
  if (!verdict.valid || !verdict.rotation) return verdict
  const since = /^@(\d{1,12})$/.exec(headers.get('deprecation') ?? '')?.[1]
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000)
  if (since === undefined || seconds(headers.get('sunset') ?? '') !== seconds(verdict.rotation.graceEndsAt))
    return verdict
  const supersededAt = new Date(Number(since) * 1000).toISOString()
  return { ...verdict, rotation: { ...verdict.rotation, supersededAt } }
}
