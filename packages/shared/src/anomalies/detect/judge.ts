import type { AnomalyThresholds } from '../../config.ts'
import { fold } from '../../usage/window/fold.ts'
import type { SecondTally } from '../../usage/window/tally.ts'
import { emptyWindow, type Window } from '../../usage/window/window.ts'
import type { Finding } from '../finding.ts'
import { closeEpisode, type RuleOfKey, type Track, takeReading } from './episode.ts'
import type { Ends, Rule } from './rules/rule.ts'
import { rules } from './rules/rules.ts'

/** All that detection remembers of a key. */
export interface KeyState {
  window: Window
  /** Windows that end up to this second have been judged by the rules that wait for a second to be complete. */
  settledThrough: number
  tracks: Map<string, Track>
}

export interface JudgeOptions {
  keyId: string
  thresholds: AnomalyThresholds
  /** A second is complete once the key's newest event lies more than this many seconds behind it. */
  settleSeconds: number
}

export function emptyState(): KeyState {
  return { window: emptyWindow(), settledThrough: 0, tracks: new Map() }
}

/**
 * Folds one second's events into a key's state and judges every window that they touch. Seconds come in any order;
 * what lies more than 5 minutes behind the newest is learnt from but not judged. Changes the state, gives what was found.
 */
export function judge(state: KeyState, tally: SecondTally, options: JudgeOptions): Finding[] {
  const { window } = state
  const { second } = tally
  const findings: Finding[] = []
  if (window.newest > 0 && second > window.newest) {
    // Whatever ended before this second is judged while its events are still remembered.
    findings.push(...settle(state, Math.min(second - options.settleSeconds - 1, window.newest), options))
    findings.push(...closeEpisodes(state, second, options))
  }
  if (!fold(window, tally, addressCap(options.thresholds))) return findings
  findings.push(...readAll(state, 'at-once', { from: second, to: window.newest }, options))
  if (second <= state.settledThrough) {
    findings.push(...readAll(state, 'settled', { from: second, to: state.settledThrough }, options))
  }
  return findings
}

/**
 * Judges a key that has been silent: its newest seconds are complete, and episodes may be over.
 * @param silentSeconds how long nothing has come
 */
export function judgeSilence(state: KeyState, silentSeconds: number, options: JudgeOptions): Finding[] {
  const { newest } = state.window
  const settled = silentSeconds >= options.settleSeconds ? settle(state, newest, options) : []
  return [...settled, ...closeEpisodes(state, newest + silentSeconds, options)]
}

/** Gives the seconds of silence after which a key is to be judged again; undefined where nothing waits for silence. */
export function nextJudgement(state: KeyState, settleSeconds: number): number | undefined {
  const { newest } = state.window
  let wait = state.settledThrough < newest ? settleSeconds : Number.POSITIVE_INFINITY
  for (const rule of rules) {
    const episode = state.tracks.get(rule.name)?.open
    if (episode) wait = Math.min(wait, episode.hotUntil + rule.quietSeconds + 1 - newest)
  }
  return wait === Number.POSITIVE_INFINITY ? undefined : Math.max(0, wait)
}

/** Addresses to remember at the most: enough to tell the gravest severity, and more than twice the threshold (see `fold`). */
function addressCap(thresholds: AnomalyThresholds): number {
  return Math.max(32, 4 * thresholds.ipsPerHour)
}

function settle(state: KeyState, through: number, options: JudgeOptions): Finding[] {
  if (through <= state.settledThrough) return []
  const findings = readAll(state, 'settled', { from: state.settledThrough + 1, to: through }, options)
  state.settledThrough = through
  return findings
}

const rulesJudged = Map.groupBy(rules, ({ judged }) => judged)

function readAll(state: KeyState, judged: Rule['judged'], ends: Ends, { keyId, thresholds }: JudgeOptions): Finding[] {
  const findings: Finding[] = []
  for (const rule of rulesJudged.get(judged) ?? []) {
    const closedThrough = state.tracks.get(rule.name)?.closedThrough ?? 0
    const from = Math.max(ends.from, closedThrough + 1)
    const reading = from > ends.to ? undefined : rule.read(state.window, { from, to: ends.to }, thresholds)
    // Most keys are calm, and nothing is remembered of them.
    if (reading) findings.push(...takeReading(trackOf(state, rule), ofKey(rule, keyId), reading))
  }
  return findings
}

function closeEpisodes(state: KeyState, now: number, { keyId }: JudgeOptions): Finding[] {
  const findings: Finding[] = []
  for (const rule of rules) {
    const track = state.tracks.get(rule.name)
    if (track?.open) findings.push(...closeEpisode(track, ofKey(rule, keyId), now))
  }
  return findings
}

function ofKey(rule: Rule, keyId: string): RuleOfKey {
  return { keyId, rule: rule.name, quietSeconds: rule.quietSeconds }
}

/** Gives what is remembered of a rule about a key, beginning anew where there is nothing. */
export function trackOf(state: KeyState, rule: Pick<Rule, 'name'>): Track {
  const present = state.tracks.get(rule.name)
  if (present) return present
  const made: Track = { open: undefined, closedThrough: 0 }
  state.tracks.set(rule.name, made)
  return made
}
