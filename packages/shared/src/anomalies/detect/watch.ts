import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/process/log.ts'
import { isCounted, type UsageEvent } from '../../usage/event.ts'
import type { EntryTrace } from '../../usage/read-entries.ts'
import { toColumns } from '../../usage/roll-up/columns.ts'
import { sumEvents } from '../../usage/roll-up/sums.ts'
import { tally } from '../../usage/window/tally.ts'
import type { WindowStore } from '../../usage/windows.ts'
import type { Finding } from '../finding.ts'
import { raiseAlarm } from './alarm.ts'
import { type JudgeOptions, judge, judgeSilence, nextJudgement } from './judge.ts'
import { encodeState, type StoredState } from './state-codec.ts'
import { createStates, type JudgedKey } from './states.ts'
import type { ReadThresholds } from './thresholds.ts'

/** Entries of a stream, read. */
export interface UsageBatch {
  entryIds: readonly string[]
  events: readonly UsageEvent[]
  /** Of the entries that are part of a trace. */
  traces?: readonly EntryTrace[]
}

/** What came of a batch; undefined where it was refused and must be read anew. */
export type WatchOutcome = { events: number; findings: readonly Finding[] } | undefined

export interface Watcher {
  /** Folds a batch into the windows of its keys, judges them, and commits all of it at once. */
  take(batch: UsageBatch): Promise<WatchOutcome>
  /** Judges the keys of which nothing was heard for as long as they wait for. */
  judgeDue(): Promise<WatchOutcome>
}

export interface WatcherDeps {
  store: WindowStore
  readThresholds: ReadThresholds
  settleSeconds: number
  now: Clock
  /** Gives the traceparent of what a key did last; absent where nobody traces. */
  traceOf?: (keyId: string) => string | undefined
  log: Logger
}

const dueAtOnce = 500

/** Makes the watcher of one partition: fold → judge → emit, as one step that happens whole or not at all. */
export function createWatcher(deps: WatcherDeps): Watcher {
  const { store, readThresholds, settleSeconds, now, traceOf, log } = deps
  const states = createStates({ store, now, log })

  /** Reads the states of some keys, works on each, and commits what came of it. */
  const work = async (
    keyIds: readonly string[],
    batch: UsageBatch,
    judgeKey: (stored: StoredState, options: JudgeOptions) => Finding[],
  ): Promise<WatchOutcome> => {
    const thresholds = await readThresholds(keyIds)
    const findings: Finding[] = []
    const judged = (await states.open(keyIds)).map(({ keyId, before, read }): JudgedKey => {
      const stored = read()
      const ofKey = thresholds.get(keyId)
      if (ofKey) findings.push(...judgeKey(stored, { keyId, thresholds: ofKey, settleSeconds }))
      const wait = nextJudgement(stored.state, settleSeconds)
      const dueAt = wait === undefined ? 'never' : stored.writtenAt + wait * 1000
      return { keyId, before, text: encodeState(stored), dueAt }
    })
    const committed = await states.commit(judged, {
      entryIds: batch.entryIds,
      findings: findings.map((finding) => JSON.stringify(finding)),
      traces: traceOf ? findings.map(({ keyId }) => traceOf(keyId) ?? '') : [],
      sums: batch.events.length > 0 ? JSON.stringify(toColumns(sumEvents(batch.events))) : undefined,
      counted: batch.events.filter(isCounted).length,
    })
    return committed ? { events: batch.events.length, findings } : undefined
  }

  return {
    take(batch) {
      const tallies = tally(batch.events)
      const alarming = Map.groupBy(
        batch.events.filter(({ sighting }) => sighting?.alarm !== undefined),
        ({ keyId }) => keyId,
      )
      return work([...new Set([...tallies.keys(), ...alarming.keys()])], batch, (stored, options) => {
        stored.writtenAt = now()
        const { keyId } = options
        return [
          ...(tallies.get(keyId) ?? []).flatMap((seconds) => judge(stored.state, seconds, options)),
          ...(alarming.get(keyId) ?? []).flatMap((event) => raiseAlarm(stored.state, event)),
        ]
      })
    },
    async judgeDue() {
      const keyIds = await store.readDue(now(), dueAtOnce)
      if (keyIds.length === 0) return { events: 0, findings: [] }
      return work(keyIds, { entryIds: [], events: [] }, ({ state, writtenAt }, options) =>
        judgeSilence(state, Math.floor((now() - writtenAt) / 1000), options),
      )
    },
  }
}
