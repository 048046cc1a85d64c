import { z } from 'zod'
import { holdsSecret } from '../../platform/hide-secrets.ts'

/** Of metadata, as JSON. */
const maxBytes = 8192
const maxDepth = 5

/**
 * Anything that a caller wants to keep with a key: a JSON object of 8 KiB and five levels at the most. What could not be
 * given back as it came is refused.
 */
export const metadataSchema = z
  .preprocess(
    (input, context) => {
      // Before the record is read: zod leaves `__proto__` out of it, and what is too deep must not be walked any further.
      const problem = findProblem(input, maxDepth)
      if (problem) context.addIssue({ code: 'custom', message: problem.message, path: problem.path })
      return input
    },
    z.record(z.string().max(200), z.unknown()),
  )
  .superRefine((value, context) => {
    const message = textProblem(value)
    if (message) context.addIssue({ code: 'custom', message })
  })
  .meta({ description: 'Your own data: 8 KiB of JSON, five levels deep, at the most', example: { team: 'payments' } })

interface Problem {
  path: string[]
  message: string
}

/** Finds the first part of a JSON value that would change on its way into the database and back. */
function findProblem(value: unknown, levels: number, path: string[] = []): Problem | undefined {
  if (typeof value === 'number') return numberProblem(value, path)
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0) return { path, message: `must not nest deeper than ${maxDepth} levels` }
  for (const [key, inner] of Object.entries(value)) {
    const place = [...path, key]
    if (key === '__proto__') return { path: place, message: 'must have another name' }
    const problem = findProblem(inner, levels - 1, place)
    if (problem) return problem
  }
  return undefined
}

/** JavaScript reads 1e400 as Infinity, and rounds integers beyond 2^53 (RFC 8259 section 6). */
function numberProblem(value: number, path: string[]): Problem | undefined {
  if (!Number.isFinite(value)) return { path, message: 'must not be so large a number' }
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return undefined
  return { path, message: 'must not be an integer beyond 2^53 - 1: send it as a string' }
}

/** What Postgres' jsonb refuses is refused here: NUL, and halves of surrogate pairs, which JSON text carries as escapes. */
function textProblem(value: object): string | undefined {
  const text = JSON.stringify(value)
  if (Buffer.byteLength(text) > maxBytes) return `must not be longer than ${maxBytes} bytes as JSON`
  if (/(?<!\\)(\\\\)*\\u(0000|d[89a-f])/.test(text)) return 'must not hold NUL or broken Unicode'
  if (holdsSecret(text)) return 'must not hold a secret'
  return undefined
}
