import type pg from 'pg'
import type { AnomalyThresholds } from '../../config.ts'
import type { TestedKey } from './choose-keys.ts'
import { countByRule, isSame, readLiveAnomalies } from './live.ts'
import { writeNotes } from './notes.ts'
import type { Episode } from './replay.ts'
import { type BackTestInput, type BackTestResult, backTestLimits, isRuleName, type RuleName } from './schemas.ts'

export interface BackTestRun {
  input: BackTestInput
  thresholds: AnomalyThresholds
  rules: readonly RuleName[]
  examined: readonly TestedKey[]
  found: readonly Episode[]
  /** A key had more addresses than were read. */
  cut: boolean
  habitDays: number
  moreKeys: boolean
  keysLeft: number
  durationMs(): number
}

/** Puts what was found beside what was found live. */
export async function makeResult(pool: pg.Pool, run: BackTestRun): Promise<BackTestResult> {
  const { input, examined, found, rules } = run
  const range = { from: input.from.getTime(), to: input.to.getTime() }
  const ids = examined.map(({ id }) => id)
  const live = await readLiveAnomalies(pool, ids, rules, range)
  const byKey = Map.groupBy(live, ({ keyId }) => keyId)
  const foundByKey = Map.groupBy(found, ({ keyId }) => keyId)
  const names = new Map(examined.map(({ id, name }) => [id, name]))
  const newest = [...found].sort((a, b) => b.window.end - a.window.end).slice(0, backTestLimits.anomalies)
  const missed = live.filter((each) => !foundByKey.get(each.keyId)?.some((episode) => isSame(episode, each)))
  const withOwnThresholds = examined.filter(({ policy }) => Object.keys(policy.anomaly ?? {}).length > 0).length
  const moreAnomalies = found.length > newest.length
  return {
    from: input.from.toISOString(),
    to: input.to.toISOString(),
    thresholds: run.thresholds,
    keys: { examined: examined.length, withOwnThresholds },
    anomalies: newest.flatMap((episode) => {
      const { keyId, rule, severity, observed, threshold, window } = episode
      if (!isRuleName(rule)) return []
      const known = byKey.get(keyId)?.some((each) => isSame(episode, each)) ?? false
      const shown = { start: toTime(window.start), end: toTime(window.end) }
      return [{ keyId, keyName: names.get(keyId) ?? '', rule, severity, observed, threshold, window: shown, known }]
    }),
    perRule: countByRule(found),
    actual: { perRule: countByRule(live), missed: countByRule(missed) },
    truncated: run.moreKeys || run.keysLeft > 0 || run.cut || moreAnomalies,
    notes: writeNotes({ ...run, withOwnThresholds, moreAnomalies }),
    durationMs: run.durationMs(),
  }
}

function toTime(second: number): string {
  return new Date(second * 1000).toISOString()
}
