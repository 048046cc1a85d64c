import { z } from 'zod'
import type { Context } from '../platform/context.ts'
import { and, desc, eq, gt, gte, lt } from '../platform/postgres/query.ts'
import { alertSchema } from './alert.ts'
import { type LoggedAlert, loggedAlert } from './logged.ts'
import type { ListAlertsInput } from './schemas.ts'
import { alertLog } from './table.ts'

/** An alert of the log as the API gives it. */
export const loggedAlertSchema = z
  .object({
    seq: z.int().meta({ description: 'Its number: the order in which alerts were told; `id` on the event stream' }),
    toldAt: z.iso.datetime().meta({ description: 'When it was told first' }),
    owner: z.string().nullable().meta({ description: 'Of the key or the credential, at that time' }),
    alert: alertSchema,
  })
  .meta({ id: 'LoggedAlert' })
export type LoggedAlertView = z.infer<typeof loggedAlertSchema>

/** Lists the alerts that were told, the newest first. */
export async function listAlerts({ db }: Context, input: ListAlertsInput) {
  const rows = await db
    .select()
    .from(alertLog)
    .where(
      and(
        input.cursor === undefined ? undefined : lt(alertLog.seq, Number(input.cursor)),
        input.since === undefined ? undefined : gt(alertLog.seq, input.since),
        input.keyId === undefined ? undefined : eq(alertLog.keyId, input.keyId),
        input.type === undefined ? undefined : eq(alertLog.type, input.type),
        input.rule === undefined ? undefined : eq(alertLog.rule, input.rule),
        input.severity === undefined ? undefined : eq(alertLog.severity, input.severity),
        input.from === undefined ? undefined : gte(alertLog.toldAt, input.from),
        input.to === undefined ? undefined : lt(alertLog.toldAt, input.to),
      ),
    )
    .orderBy(desc(alertLog.seq))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  const last = hasMore ? page.at(-1) : undefined
  return {
    data: page.map((row) => view(loggedAlert(row))),
    pagination: { cursor: last ? String(last.seq) : null, hasMore },
  }
}

function view({ seq, toldAt, owner, alert }: LoggedAlert): LoggedAlertView {
  return { seq, toldAt: toldAt.toISOString(), owner, alert }
}
