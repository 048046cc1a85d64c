/** Minutes that are kept at the most where they cannot be written: a day. */
const maxMinutes = 1_440
const minuteMs = 60_000

/** Counts by minute (ms since 1970) and outcome. */
export type Outcomes = Map<number, Map<string, number>>

export interface OutcomeTally {
  /** A plain increment: the validation that is counted waits for nothing. @param now ms since 1970 */
  count(outcome: string, now: number): void
  /** Gives what was counted, and begins anew. */
  take(): Outcomes
  /** Puts back what could not be written; where that is more than a day, the oldest minutes are forgotten. */
  giveBack(outcomes: Outcomes): void
}

/** Counts how validations ended, in memory. */
export function createOutcomeTally(): OutcomeTally {
  let counts: Outcomes = new Map()
  const add = (minute: number, outcome: string, amount: number) => {
    let ofMinute = counts.get(minute)
    if (!ofMinute) {
      ofMinute = new Map()
      counts.set(minute, ofMinute)
    }
    ofMinute.set(outcome, (ofMinute.get(outcome) ?? 0) + amount)
  }
  return {
    count: (outcome, now) => add(now - (now % minuteMs), outcome, 1),
    take() {
      const taken = counts
      counts = new Map()
      return taken
    },
    giveBack(outcomes) {
      for (const [minute, ofMinute] of outcomes) for (const [outcome, amount] of ofMinute) add(minute, outcome, amount)
      const tooMany = counts.size - maxMinutes
      if (tooMany > 0)
        for (const minute of [...counts.keys()].sort((a, b) => a - b).slice(0, tooMany)) counts.delete(minute)
    },
  }
}
