import { MomentryError } from '../errors.ts'
import { apiKeys } from '../keys/table.ts'
import type { Context } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import { apiKeyAnomalies } from './table.ts'
import { type AnomalyView, viewAnomaly } from './view.ts'

/** Reads one anomaly. @throws MomentryError `ANOMALY_NOT_FOUND` */
export async function getAnomaly({ db }: Pick<Context, 'db'>, id: string): Promise<AnomalyView> {
  const [row] = await db
    .select({ anomaly: apiKeyAnomalies, keyName: apiKeys.name, keyType: apiKeys.type })
    .from(apiKeyAnomalies)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeyAnomalies.keyId))
    .where(eq(apiKeyAnomalies.id, id))
  if (!row) throw new MomentryError('ANOMALY_NOT_FOUND', 'there is no such anomaly')
  return viewAnomaly(row)
}
