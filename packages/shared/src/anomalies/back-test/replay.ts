import type { AnomalyThresholds } from '../../config.ts'
import type { SecondTally } from '../../usage/window/tally.ts'
import type { Habit } from '../../usage/window/window.ts'
import { emptyState, judge, judgeSilence } from '../detect/judge.ts'
import type { Finding } from '../finding.ts'

/** A key's stored usage; times are seconds since 1970, in ascending order. */
export interface StoredUsage {
  /** What was before: by which `unusual_time` goes. */
  habit: Pick<Habit, 'since' | 'hoursOfWeek'>
  /** @property minute its first second */
  minutes: readonly { minute: number; requests: number; errors: number }[]
  /** Of each hour and address, the first and the last time it was seen. */
  addresses: readonly { address: string; first: number; last: number }[]
}

/** An episode from its beginning to its end, as it was at its gravest. */
export type Episode = Finding & { openedAt: number }

/** So many tallies are judged between two chances for others to run. */
const talliesPerStep = 200
/** Longer than any episode stays open in silence. */
const endlessSeconds = 1_000_000

/**
 * Runs detection over a key's stored usage: the same code as the workers'. A minute counts as if all of it had come in its
 * last second, so that a window of whole minutes holds just those minutes. It stops at each `yield`, for others to run.
 */
export function* replay(
  keyId: string,
  usage: StoredUsage,
  thresholds: AnomalyThresholds,
): Generator<undefined, Episode[]> {
  const options = { keyId, thresholds, settleSeconds: 0 }
  const state = emptyState()
  state.window.habit = { ...usage.habit, hoursOfWeek: [...usage.habit.hoursOfWeek], recent: [] }
  const episodes = new Map<string, Episode>()
  const take = (findings: readonly Finding[]) => {
    for (const finding of findings) {
      const openedAt = episodes.get(finding.id)?.openedAt ?? finding.window.end
      episodes.set(finding.id, { ...finding, openedAt })
    }
  }
  for (const [index, tally] of toTallies(usage).entries()) {
    take(judge(state, tally, options))
    if (index % talliesPerStep === 0) yield
  }
  take(judgeSilence(state, endlessSeconds, options))
  return [...episodes.values()]
}

/** Puts minutes and addresses where they belong, in ascending order. */
function toTallies({ minutes, addresses }: StoredUsage): SecondTally[] {
  const tallies = new Map<number, SecondTally>()
  const at = (second: number): SecondTally => {
    const present = tallies.get(second) ?? { second, requests: 0, errors: 0, addresses: new Set<string>() }
    tallies.set(second, present)
    return present
  }
  for (const { minute, requests, errors } of minutes) {
    const tally = at(minute + 59)
    tally.requests += requests
    tally.errors += errors
  }
  for (const { address, first, last } of addresses) {
    at(first).addresses.add(address)
    at(last).addresses.add(address)
  }
  return [...tallies.values()].sort((a, b) => a.second - b.second)
}
