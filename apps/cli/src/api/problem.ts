import { z } from 'zod'
import { exitCodeOfAnswer } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { parseJson } from '../parse-json.ts'

/** RFC 9457, as Momentry fills it in (DESIGN.md section 6). */
const problemSchema = z.object({
  title: z.string().max(1000).optional(),
  detail: z.string().max(4000).optional(),
  code: z.string().max(100).optional(),
  requestId: z.string().max(200).optional(),
  errors: z
    .array(z.object({ pointer: z.string().max(1000), detail: z.string().max(1000) }))
    .max(1000)
    .optional(),
})

/** Makes of a refusal what the command tells: the server's own words, where in the input it lies, and the request's id. */
export function problemFailure(response: Pick<Response, 'status'>, body: string): CliFailure {
  const parsed = problemSchema.safeParse(parseJson(body))
  const problem = parsed.success ? parsed.data : {}
  const text = problem.detail ?? problem.title ?? `the server answered ${response.status}`
  const details = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`)
  if (problem.requestId !== undefined) details.push(`request ${problem.requestId}`)
  const message = problem.code === undefined ? text : `${text} (${problem.code})`
  return new CliFailure(exitCodeOfAnswer(response.status, problem.code), message, { details, code: problem.code })
}
