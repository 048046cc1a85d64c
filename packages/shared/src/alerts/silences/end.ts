import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { alertSilences } from '../table.ts'
import { viewSilence } from './view.ts'

/** Ends a silence now; one that has ended stays as it is. @throws MomentryError `SILENCE_NOT_FOUND` */
export function endSilence(context: Context, id: string): Promise<void> {
  return withTransaction(context, async (tx) => {
    const [row] = await tx.db.select().from(alertSilences).where(eq(alertSilences.id, id)).for('update')
    if (!row) throw new MomentryError('SILENCE_NOT_FOUND', 'there is no silence with this id')
    const now = tx.now()
    if (row.endsAt.getTime() <= now) return
    const endsAt = new Date(now)
    const startsAt = row.startsAt.getTime() > now ? endsAt : row.startsAt
    await tx.db.update(alertSilences).set({ startsAt, endsAt }).where(eq(alertSilences.id, id))
    await appendAudit(tx, {
      action: 'silence.ended',
      ...(row.keyId !== null && { keyId: row.keyId }),
      before: viewSilence(row, now),
      after: viewSilence({ ...row, startsAt, endsAt }, now),
    })
  })
}
