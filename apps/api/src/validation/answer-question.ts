import type { ValidateKeyInput } from '@momentry/shared/keys/schemas.ts'
import { writeVerdict } from '@momentry/shared/keys/validation/answer.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import type { MaybePromise } from '@momentry/shared/platform/and-then.ts'
import { holdsScope } from '@momentry/shared/scopes/scope.ts'
import { problemAnswer } from '../http/answers/problem-answer.ts'
import { verdictHeaders } from '../http/answers/verdict-headers.ts'
import { validateBearer } from '../middleware/bearer.ts'
import { refusalOf } from '../middleware/check-secret.ts'
import { recogniseError } from '../middleware/problem.ts'
import type { Services } from '../wiring/services.ts'
import { checkKey } from './check-key.ts'

/** A question, and what is known of who asks. */
export interface Asked {
  question: ValidateKeyInput
  requestId: string
  authorization: string | undefined
  address: string | undefined
}

export interface Answered {
  status: number
  headers: Record<string, string>
  body: string
  /** Whose key asked. */
  callerId: string | undefined
}

const json: Record<string, string> = Object.freeze({ 'content-type': 'application/json' })

/** Gives the answering of questions about secrets, as the route answers them. It never throws. */
export function createQuestionAnswerer(services: Services): (asked: Asked) => MaybePromise<Answered> {
  const refuse = (error: unknown, requestId: string, caller: Verdict | undefined): Answered => {
    const limits = caller?.record && caller.limits
    const problem = problemAnswer(recogniseError(services, error, requestId), { requestId, limits })
    const headers = { ...(caller && verdictHeaders(caller)), ...problem.headers }
    return { ...problem, headers, callerId: caller?.code === 'VALID' ? caller.record.keyId : undefined }
  }

  /** @param caller whoever asks, where that is told */
  const answer = ({ question, requestId, address }: Asked, caller?: Verdict): MaybePromise<Answered> => {
    const tell = (verdict: Verdict): Answered => {
      const body = writeVerdict(verdict)
      return { status: 200, headers: headersOf(verdict), body, callerId: caller?.record?.keyId }
    }
    try {
      if (caller && caller.code !== 'VALID') throw refusalOf(caller)
      const trusted = caller !== undefined && holdsScope(caller.record.scopes, 'keys:validate')
      const verdict = checkKey(services, { question, trusted, address })
      if (!(verdict instanceof Promise)) return tell(verdict)
      return verdict.then(tell).catch((error: unknown) => refuse(error, requestId, caller))
    } catch (error) {
      return refuse(error, requestId, caller)
    }
  }

  return (asked) => {
    const { authorization, requestId, address } = asked
    if (authorization === undefined) return answer(asked)
    return validateBearer(services, { authorization, address, ignoresLimits: false }).then(
      (caller) => answer(asked, caller),
      (error: unknown) => refuse(error, requestId, undefined),
    )
  }
}

function headersOf(verdict: Verdict): Record<string, string> {
  const told = verdictHeaders(verdict)
  return Object.keys(told).length === 0 ? json : { ...json, ...told }
}
