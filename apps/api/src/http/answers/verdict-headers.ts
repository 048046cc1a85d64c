import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import { deprecationHeaders } from './deprecation.ts'
import { limitHeaders } from './limit-headers.ts'

const none: Record<string, string> = Object.freeze({})

/** Headers that tell what is left of a key's limits, and of a superseded secret how long it lasts. None of an unknown one. */
export function verdictHeaders(verdict: Verdict): Record<string, string> {
  if (verdict.record === undefined) return none
  // As most are: nothing is made for it.
  if (verdict.limits === undefined && verdict.record.supersededAt === undefined) return none
  return {
    ...limitHeaders(verdict.limits),
    ...(verdict.code === 'VALID' && deprecationHeaders(verdict.record)),
  }
}
