/** What one second of event time held. */
export interface SecondCount {
  /** Seconds since 1970. */
  second: number
  requests: number
  errors: number
}

/** A stretch in which an address came back within an hour each time: its first and its last second. */
export interface AddressSpan {
  first: number
  last: number
}

/** The habit of a key: requests per hour of the week (UTC, 0 is Thursday 00:00, where 1970 began). */
export interface Habit {
  /** The second of the oldest event. */
  since: number
  /** 168 sums over all hours that no late event can reach any more. */
  hoursOfWeek: readonly number[]
  /** The hours (since 1970) that late events may still reach, oldest first. */
  recent: { hour: number; requests: number }[]
}

/**
 * The state that detection keeps of a key, of a fixed upper size (`limits`). Time is measured against the key's own
 * newest event, so that history is judged just as the present is.
 */
export interface Window {
  /** The newest event's second; 0 where there was none yet. */
  newest: number
  /** Seconds with events, ascending, as far back as any window that a late event can reach. */
  seconds: SecondCount[]
  addresses: Map<string, AddressSpan[]>
  habit: Habit
}

export const limits = {
  /** DESIGN.md section 7: an event up to 5 minutes late still counts where it belongs. */
  latenessSeconds: 300,
  rateSeconds: 60,
  errorSeconds: 300,
  addressSeconds: 3600,
  hoursPerWeek: 168,
} as const

/** Seconds of `Window.seconds`: the longest window of counts that ends where the latest of late events may fall. */
export const countedSeconds = limits.latenessSeconds + limits.errorSeconds

/** The same one for all keys that are young, since each of their windows would else bring one of its own. */
const noHours: readonly number[] = new Array<number>(limits.hoursPerWeek).fill(0)

export function emptyWindow(): Window {
  return {
    newest: 0,
    seconds: [],
    addresses: new Map(),
    habit: { since: 0, hoursOfWeek: noHours, recent: [] },
  }
}

/** Gives the oldest second in which an event is not too late to be judged. */
export function oldestJudged(newest: number): number {
  return newest - limits.latenessSeconds
}
