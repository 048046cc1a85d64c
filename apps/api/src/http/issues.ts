import type { z } from '@hono/zod-openapi'
import { type InputIssue, MomentryError } from '@momentry/shared/errors.ts'

/** More would help nobody, and an answer must not grow with what was sent. */
const maxIssues = 20

/** The framework's names of what it validates, for people. */
const parts: Readonly<Record<string, string>> = {
  json: 'body is',
  param: 'path is',
  query: 'query is',
  header: 'headers are',
}

/** Turns what zod found wrong into an error that points at each part. */
export function validationError(target: string, error: z.ZodError): MomentryError {
  const issues = error.issues.flatMap(describe).slice(0, maxIssues)
  const part = parts[target] ?? 'request is'
  return new MomentryError('VALIDATION_FAILED', `the ${part} not valid`, { issues })
}

function describe(issue: z.core.$ZodIssue): InputIssue[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: toPointer([...issue.path, key]), detail: 'is not known here' }))
  return [{ pointer: toPointer(issue.path), detail: issue.message }]
}

/** RFC 6901. */
function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100)}`).join('')
}
