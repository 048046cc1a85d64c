import type { ValidateKeyInput } from '@momentry/shared/keys/schemas.ts'
import { writeVerdict } from '@momentry/shared/keys/validation/answer.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
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

/** Gives the answering of questions about secrets, to the byte as the route answers them. It never throws. */
export function createQuestionAnswerer(services: Services): (asked: Asked) => Promise<Answered> {
  const answer = async (asked: Asked, caller: Verdict | undefined) => {
    if (caller && caller.code !== 'VALID') throw refusalOf(caller)
    const trusted = caller !== undefined && holdsScope(caller.record.scopes, 'keys:validate')
    const { question, address } = asked
    const verdict = await checkKey(services, { question, trusted, address })
    return {
      status: 200,
      headers: { 'content-type': 'application/json', ...verdictHeaders(verdict) },
      body: writeVerdict(verdict),
    }
  }

  return async (asked) => {
    const { requestId, authorization, address } = asked
    let caller: Verdict | undefined
    try {
      if (authorization !== undefined)
        caller = await validateBearer(services, { authorization, address, ignoresLimits: false })
      return { ...(await answer(asked, caller)), callerId: caller?.record?.keyId }
    } catch (error) {
      const problem = problemAnswer(recogniseError(services, error, requestId), { requestId, limits: limitsOf(caller) })
      const headers = { ...(caller && verdictHeaders(caller)), ...problem.headers }
      return { ...problem, headers, callerId: caller?.code === 'VALID' ? caller.record.keyId : undefined }
    }
  }
}

const limitsOf = (caller: Verdict | undefined) => (caller?.record ? caller.limits : undefined)
