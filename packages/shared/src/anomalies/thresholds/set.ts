import { appendAudit } from '../../audit/append.ts'
import type { AnomalyThresholds } from '../../config.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { eq, sql } from '../../platform/postgres/query.ts'
import { settingNames } from '../../settings/names.ts'
import { settings } from '../../settings/table.ts'
import { viewThresholds } from './read.ts'
import type { SetThresholdsInput, SettingsView } from './schemas.ts'
import { parseStoredThresholds } from './stored.ts'

const name = settingNames.anomalyThresholds

/**
 * Sets thresholds over the environment: each worker takes them within 5 s, without a restart. The audit log has those
 * that were changed, before and after; nothing is written where nothing changes.
 * @param defaults what the environment says
 */
export function setThresholds(
  context: Context,
  defaults: AnomalyThresholds,
  { thresholds: given }: SetThresholdsInput,
): Promise<SettingsView> {
  return change(context, defaults, (before) => {
    const merged = Object.entries({ ...before, ...given })
    return Object.fromEntries(merged.flatMap(([key, value]) => (value == null ? [] : [[key, value]])))
  })
}

/** Takes every threshold back to the environment. */
export function resetThresholds(context: Context, defaults: AnomalyThresholds): Promise<SettingsView> {
  return change(context, defaults, () => ({}))
}

function change(
  context: Context,
  defaults: AnomalyThresholds,
  decide: (before: Record<string, number | undefined>) => Record<string, number>,
): Promise<SettingsView> {
  return withTransaction(context, async (tx) => {
    const row = await lockSetting(tx)
    const before: Record<string, number | undefined> = { ...parseStoredThresholds(row?.value) }
    const after = decide(before)
    const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (key) => before[key] !== after[key],
    )
    if (changed.length === 0) return viewThresholds(row, defaults)
    const written = {
      name,
      value: after,
      updatedAt: new Date(tx.now()),
      updatedBy: tx.actor.keyId ?? null,
    }
    if (Object.keys(after).length === 0) await tx.db.delete(settings).where(eq(settings.name, name))
    else await tx.db.insert(settings).values(written).onConflictDoUpdate({ target: settings.name, set: written })
    const pick = (from: Record<string, number | undefined>) =>
      Object.fromEntries(changed.map((key) => [key, from[key] ?? null]))
    await appendAudit(tx, {
      action: Object.keys(after).length === 0 ? 'settings.reset' : 'settings.changed',
      before: { setting: name, thresholds: pick(before) },
      after: { setting: name, thresholds: pick(after) },
    })
    return viewThresholds(Object.keys(after).length === 0 ? undefined : written, defaults)
  })
}

/** There may be no row yet, so that the name is locked and not a row. */
async function lockSetting(tx: TransactionContext): Promise<typeof settings.$inferSelect | undefined> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`setting:${name}`}, 0))`)
  const [row] = await tx.db.select().from(settings).where(eq(settings.name, name))
  return row
}
