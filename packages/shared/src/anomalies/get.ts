import { MomentryError } from '../errors.ts'
import type { Context } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import { selectAnomalies } from './rows.ts'
import { apiKeyAnomalies } from './table.ts'
import { type AnomalyView, viewAnomaly } from './view.ts'

/** Reads one anomaly. @throws MomentryError `ANOMALY_NOT_FOUND` */
export async function getAnomaly({ db, now }: Pick<Context, 'db' | 'now'>, id: string): Promise<AnomalyView> {
  const [row] = await selectAnomalies(db, new Date(now())).where(eq(apiKeyAnomalies.id, id))
  if (!row) throw new MomentryError('ANOMALY_NOT_FOUND', 'there is no such anomaly')
  return viewAnomaly(row)
}
