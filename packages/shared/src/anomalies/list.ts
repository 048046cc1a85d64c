import { MomentryError } from '../errors.ts'
import type { Context } from '../platform/context.ts'
import { and, desc, eq, gte, lt, type SQL, sql } from '../platform/postgres/query.ts'
import { selectAnomalies } from './rows.ts'
import type { ListAnomaliesInput } from './schemas.ts'
import { apiKeyAnomalies } from './table.ts'
import { type AnomalyView, viewAnomaly } from './view.ts'

export interface AnomalyPage {
  data: AnomalyView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists anomalies, the newest first. @throws MomentryError `VALIDATION_FAILED` where the cursor is none of ours */
export async function listAnomalies(context: Context, input: ListAnomaliesInput): Promise<AnomalyPage> {
  const rows = await selectAnomalies(context.db, new Date(context.now()))
    .where(
      and(
        input.cursor === undefined ? undefined : isBefore(input.cursor),
        input.state === undefined ? undefined : eq(apiKeyAnomalies.state, input.state),
        input.rule === undefined ? undefined : eq(apiKeyAnomalies.rule, input.rule),
        input.severity === undefined ? undefined : eq(apiKeyAnomalies.severity, input.severity),
        input.keyId === undefined ? undefined : eq(apiKeyAnomalies.keyId, input.keyId),
        input.from === undefined ? undefined : gte(apiKeyAnomalies.detectedAt, input.from),
        input.to === undefined ? undefined : lt(apiKeyAnomalies.detectedAt, input.to),
      ),
    )
    .orderBy(desc(apiKeyAnomalies.detectedAt), desc(apiKeyAnomalies.id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  const last = hasMore ? page.at(-1)?.anomaly : undefined
  return {
    data: page.map(viewAnomaly),
    pagination: { cursor: last ? `${last.detectedAt.toISOString()}_${last.id}` : null, hasMore },
  }
}

function isBefore(cursor: string): SQL {
  const [at, id] = cursor.split('_')
  if (at === undefined || id === undefined || Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new MomentryError('VALIDATION_FAILED', 'the cursor is not one that a list gave', {
      issues: [{ pointer: '/cursor', detail: 'is not one that a list gave' }],
    })
  }
  return sql`(${apiKeyAnomalies.detectedAt}, ${apiKeyAnomalies.id}) < (${at}::timestamptz, ${id}::uuid)`
}
