import { deriveId } from '../../platform/id.ts'
import { type Finding, isGraver, type Reading, type Severity } from '../finding.ts'

/** An anomaly that lasts: it opened, it can grow in severity, and it ends when the key is calm again. */
export interface Episode {
  id: string
  /** The newest second in which the rule fired or came close to it. */
  hotUntil: number
  severity: Severity
  /** The reading with the highest `observed`. */
  peak: Pick<Reading, 'observed' | 'threshold' | 'baseline' | 'window' | 'explanation'>
}

/** What is remembered of one rule about one key. */
export interface Track {
  open: Episode | undefined
  /** Windows that end up to this second belong to episodes that are over: late events do not open one anew. */
  closedThrough: number
}

export interface RuleOfKey {
  keyId: string
  rule: string
  quietSeconds: number
}

/** Ends an episode whose key has been calm for long enough at the second `now`. Changes the track; gives what to tell. */
export function closeEpisode(track: Track, of: RuleOfKey, now: number): Finding[] {
  const episode = track.open
  if (!episode || now <= episode.hotUntil + of.quietSeconds) return []
  track.open = undefined
  track.closedThrough = episode.hotUntil + of.quietSeconds
  return [{ ...describe(of, episode), kind: 'ended', endedAt: track.closedThrough }]
}

/** Takes a reading into the track: opens, prolongs or escalates its episode. Changes the track; gives what to tell. */
export function takeReading(track: Track, of: RuleOfKey, reading: Reading | undefined): Finding[] {
  if (!reading || reading.window.end <= track.closedThrough) return []
  const end = reading.window.end
  if (!track.open) {
    if (!reading.fires) return []
    track.open = { id: anomalyId(of, end), hotUntil: end, severity: reading.severity, peak: reading }
    return [{ ...describe(of, track.open), kind: 'opened' }]
  }
  const episode = track.open
  episode.hotUntil = Math.max(episode.hotUntil, end)
  if (!reading.fires) return []
  if (reading.observed > episode.peak.observed) episode.peak = reading
  if (!isGraver(reading.severity, episode.severity)) return []
  episode.severity = reading.severity
  return [{ ...describe(of, episode), kind: 'escalated' }]
}

function anomalyId({ keyId, rule }: RuleOfKey, openedAt: number): string {
  return deriveId(`${keyId}:${rule}:${openedAt}`)
}

function describe({ keyId, rule }: RuleOfKey, { id, severity, peak }: Episode): Omit<Finding, 'kind'> {
  const { observed, threshold, baseline, window, explanation } = peak
  return {
    id,
    keyId,
    rule,
    severity,
    observed,
    threshold,
    ...(baseline === undefined ? {} : { baseline }),
    window,
    explanation,
  }
}
