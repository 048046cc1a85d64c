import { z } from 'zod'
import { type FailureKind, MomentryClientError } from '../errors.ts'
import { parseJson } from './read-answer.ts'

/** RFC 9457, as Momentry fills it in. */
const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().max(100).optional(),
  requestId: z.string().max(200).optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
})

const maxCharacters = 500

/** Makes an error of an answer that is no success. */
export function problemError(response: Pick<Response, 'status' | 'headers'>, body: string): MomentryClientError {
  const { status } = response
  const problem = problemSchema.safeParse(parseJson(body)).data ?? {}
  const text = tidy(problem.detail ?? problem.title ?? 'no reason given')
  const name = problem.code === undefined ? `${status}` : `${status} ${problem.code}`
  return new MomentryClientError(kindOf(status), `Momentry answered ${name}: ${text}`, {
    status,
    code: problem.code,
    retryAfterSeconds: readRetryAfter(response.headers.get('retry-after')),
    issues: problem.errors?.map(({ pointer, detail }) => ({ pointer: tidy(pointer), detail: tidy(detail) })),
    requestId: problem.requestId,
  })
}

/** Momentry redirects nobody, and a secret is not sent on to where a redirect points. */
function kindOf(status: number): FailureKind {
  if (status >= 500 || status === 408) return 'unavailable'
  return status >= 400 ? 'refused' : 'protocol'
}

/** Momentry hides secrets itself; what stands in between may echo the request. */
function tidy(text: string): string {
  return text.replace(/mty_\w+/g, 'mty_[redacted]').slice(0, maxCharacters)
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
export function readRetryAfter(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value)
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000))
}
