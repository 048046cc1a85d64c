import { inForce } from '../alerts/silences/active.ts'
import { alertSilences } from '../alerts/table.ts'
import { MomentryError } from '../errors.ts'
import { apiKeys } from '../keys/table.ts'
import type { TransactionContext } from '../platform/context.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { eq, sql } from '../platform/postgres/query.ts'
import { apiKeyAnomalies } from './table.ts'
import type { AnomalyRow } from './view.ts'

/** Begins a query for anomalies, with what the API tells of their keys, and until when they are muted. */
export function selectAnomalies(db: Queryable, at: Date) {
  return db
    .select({ anomaly: apiKeyAnomalies, keyName: apiKeys.name, keyType: apiKeys.type, mutedUntil: mutedUntil(at) })
    .from(apiKeyAnomalies)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeyAnomalies.keyId))
}

/** Reads an anomaly and holds it until the transaction ends. @throws MomentryError `ANOMALY_NOT_FOUND` */
export async function lockAnomaly(tx: TransactionContext, id: string): Promise<AnomalyRow> {
  const [row] = await selectAnomalies(tx.db, new Date(tx.now()))
    .where(eq(apiKeyAnomalies.id, id))
    .for('update', { of: apiKeyAnomalies })
  if (!row) throw new MomentryError('ANOMALY_NOT_FOUND', 'there is no such anomaly')
  return row
}

/** Of silences that cover all that is told of the anomaly, the latest end. */
function mutedUntil(at: Date) {
  const { keyId, rule, owner, type, endsAt } = alertSilences
  return sql<Date | null>`(select max(${endsAt}) from ${alertSilences}
    where ${keyId} = ${apiKeyAnomalies.keyId} and (${rule} is null or ${rule} = ${apiKeyAnomalies.rule})
      and ${owner} is null and ${type} is null and ${inForce(at)})`.mapWith(endsAt)
}
