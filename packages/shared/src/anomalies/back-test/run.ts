import { setImmediate as turn } from 'node:timers/promises'
import type pg from 'pg'
import type { AnomalyThresholds } from '../../config.ts'
import { MomentryError } from '../../errors.ts'
import type { Context } from '../../platform/context.ts'
import { overrideThresholds } from '../thresholds/merge.ts'
import { readThresholdSettings } from '../thresholds/read.ts'
import { chooseKeys } from './choose-keys.ts'
import { readStoredUsage, type UsageRange } from './read-usage.ts'
import { type Episode, replay } from './replay.ts'
import { makeResult } from './result.ts'
import { type BackTestInput, type BackTestResult, backTestLimits, isRuleName, ruleNames } from './schemas.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** Before the range, so that windows and episodes that are open at its start are as they were. */
const warmUpMs = 7_200_000
/** A habit is learnt from so many days before the range, or from as many as the rule wants, and some. */
const habitDays = 60
/** Others get their turn after so long: the process that runs this validates secrets as well. */
const sliceMs = 4

export type BackTest = (context: Context, input: BackTestInput, signal: AbortSignal) => Promise<BackTestResult>

/**
 * Makes what tries thresholds on stored usage. It only reads. One run at a time: it takes a core for as long as it runs,
 * in slices of a few milliseconds. Where its time is up or the signal aborts, it answers with what it has.
 * @param deps.defaults what the environment says
 */
export function createBackTest(deps: { pool: pg.Pool; defaults: AnomalyThresholds }): BackTest {
  let running = false
  return async (context, input, signal) => {
    if (running) throw new MomentryError('CONFLICT', 'another back-test is running: wait for its end')
    running = true
    try {
      return await run(context, deps, input, signal)
    } finally {
      running = false
    }
  }
}

async function run(
  context: Context,
  { pool, defaults }: { pool: pg.Pool; defaults: AnomalyThresholds },
  input: BackTestInput,
  signal: AbortSignal,
): Promise<BackTestResult> {
  const startedAt = performance.now()
  const isOver = () => signal.aborted || performance.now() - startedAt > backTestLimits.durationMs
  const settings = await readThresholdSettings(context, defaults)
  const thresholds = overrideThresholds(settings.anomaly.thresholds, input.thresholds)
  const rules = input.rules ?? ruleNames
  const { keys, more } = await chooseKeys(pool, input)
  const habit = Math.max(habitDays, thresholds.timeMinDays + 7)
  const range = rangeOf(input, rules.includes('unusual_time') ? habit : 0)
  const found: Episode[] = []
  const examined: typeof keys = []
  let cut = false
  for (const key of keys) {
    if (isOver()) break
    const usage = await readStoredUsage(pool, key.id, range)
    cut ||= usage.cut
    const episodes = await inSlices(replay(key.id, usage, overrideThresholds(thresholds, key.policy.anomaly)), isOver)
    if (!episodes) break
    examined.push(key)
    const first = Math.floor(input.from.getTime() / 1000)
    found.push(
      ...episodes.filter(({ rule, openedAt }) => openedAt >= first && isRuleName(rule) && rules.includes(rule)),
    )
  }
  return makeResult(pool, {
    ...{ input, thresholds, rules, examined, found, cut, habitDays: habit, moreKeys: more },
    keysLeft: keys.length - examined.length,
    durationMs: () => Math.round(performance.now() - startedAt),
  })
}

function rangeOf({ from, to }: BackTestInput, habit: number): UsageRange {
  const start = Math.floor((from.getTime() - warmUpMs) / minuteMs) * minuteMs
  return { since: start - habit * dayMs, from: start, to: to.getTime() }
}

/** Runs to the end, and lets others run in between; undefined where the time is up. */
async function inSlices<T>(steps: Generator<undefined, T>, isOver: () => boolean): Promise<T | undefined> {
  let sliceEnd = performance.now() + sliceMs
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() < sliceEnd) continue
    await turn()
    if (isOver()) return undefined
    sliceEnd = performance.now() + sliceMs
  }
}
