import { z } from 'zod'
import { holdsSecret } from './secret.ts'

const maxBytes = 8192
const maxDepth = 5

/** Anything that a caller wants to keep with a key: a JSON object of 8 KiB and five levels at the most. */
export const metadataSchema = z
  .record(z.string().max(200), z.unknown())
  .superRefine((value, context) => {
    // Depth first: what is too deep must not be walked by the checks after it.
    const problem = tooDeep(value, maxDepth) ? `must not nest deeper than ${maxDepth} levels` : textProblem(value)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })
  .meta({ description: 'Your own data: 8 KiB of JSON, five levels deep, at the most', example: { team: 'payments' } })

function tooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => tooDeep(inner, levels - 1))
}

/** What Postgres' jsonb refuses is refused here: NUL, and halves of surrogate pairs, which JSON text carries as escapes. */
function textProblem(value: object): string | undefined {
  const text = JSON.stringify(value)
  if (Buffer.byteLength(text) > maxBytes) return `must not be longer than ${maxBytes} bytes as JSON`
  if (/(?<!\\)(\\\\)*\\u(0000|d[89a-f])/.test(text)) return 'must not hold NUL or broken Unicode'
  if (holdsSecret(text)) return 'must not hold a secret'
  return undefined
}
