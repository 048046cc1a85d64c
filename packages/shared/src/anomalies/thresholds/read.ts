import type { AnomalyThresholds } from '../../config.ts'
import type { Context } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { settingNames } from '../../settings/names.ts'
import { settings } from '../../settings/table.ts'
import { overrideThresholds } from './merge.ts'
import { type SettingsView, thresholdNames } from './schemas.ts'
import { parseStoredThresholds } from './stored.ts'

/** Gives the thresholds in force for keys without some of their own. @param defaults what the environment says */
export async function readThresholdSettings(context: Context, defaults: AnomalyThresholds): Promise<SettingsView> {
  const [row] = await context.db.select().from(settings).where(eq(settings.name, settingNames.anomalyThresholds))
  return viewThresholds(row, defaults)
}

/** Shows the setting's row; undefined: nothing is set. */
export function viewThresholds(
  row: typeof settings.$inferSelect | undefined,
  defaults: AnomalyThresholds,
): SettingsView {
  const set = parseStoredThresholds(row?.value)
  return {
    anomaly: {
      thresholds: overrideThresholds(defaults, set),
      defaults,
      overridden: thresholdNames.filter((name) => set[name] !== undefined),
      updatedAt: row?.updatedAt.toISOString() ?? null,
      updatedBy: row?.updatedBy ?? null,
    },
  }
}
