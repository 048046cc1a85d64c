import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Http } from '../http/http.ts'
import type { UsageEvent } from './event.ts'

export interface ReportUsageOptions {
  /** Counts a report once however often it is sent under the same one; a new one for each call unless told otherwise. */
  idempotencyKey?: string | undefined
  /** Ends the waiting for an answer; the report may have been taken. */
  signal?: AbortSignal | undefined
}

/**
 * Reports 1 to 1,000 events: all are taken, or none.
 * @throws MomentryClientError whose `issues` point at events that cannot be taken (`/events/3/keyId`)
 */
export type ReportUsage = (events: readonly UsageEvent[], options?: ReportUsageOptions) => Promise<{ accepted: number }>

const acceptedSchema = z.object({ accepted: z.int() })

export function createReportUsage(http: Http): ReportUsage {
  return async (events, { idempotencyKey = randomUUID(), signal } = {}) => {
    const request = { path: '/v1/usage', body: { events }, idempotencyKey, signal }
    return (await http.post(acceptedSchema, request)).value
  }
}
