import { answerVerdict } from './answer.ts'
import type { SecretRecord } from './record.ts'
import type { Verdict } from './validate.ts'

/**
 * Gives the writing of verdicts as JSON, in the form of DESIGN.md section 5. What a good answer says of a record is always
 * the same, so it is written once for as long as the record is kept; only what its key has left of its limits is new.
 */
export function createAnswerWriter(): (verdict: Verdict) => string {
  const written = new WeakMap<SecretRecord, string>()
  return (verdict) => {
    if (verdict.code !== 'VALID') return JSON.stringify(answerVerdict(verdict))
    const { code, record, limits } = verdict
    let fixed = written.get(record)
    if (fixed === undefined) {
      fixed = JSON.stringify(answerVerdict({ code, record }))
      written.set(record, fixed)
    }
    return limits ? `${fixed.slice(0, -1)},"limits":${JSON.stringify(limits.states)}}` : fixed
  }
}
