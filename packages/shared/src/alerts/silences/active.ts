import type { Queryable } from '../../platform/postgres/client.ts'
import { and, gt, lte } from '../../platform/postgres/query.ts'
import { alertSilences } from '../table.ts'
import type { SilenceMatch } from './match.ts'

/** As many as may be in force or to come at once (`create.ts` keeps to it): each alert is held against all of them. */
export const maxSilences = 1_000

/** What is in force at a time: a silence holds from its start until its end, the end excluded. */
export const inForce = (at: Date) => and(lte(alertSilences.startsAt, at), gt(alertSilences.endsAt, at))

/** Reads what the silences cover that are in force. */
export function activeSilences(db: Queryable, at: Date): Promise<SilenceMatch[]> {
  const { keyId, rule, owner, type } = alertSilences
  return db.select({ keyId, rule, owner, type }).from(alertSilences).where(inForce(at)).limit(maxSilences)
}
