import { foldAddresses } from './fold-addresses.ts'
import { foldHabit } from './fold-habit.ts'
import type { SecondTally } from './tally.ts'
import { countedSeconds, oldestJudged, type SecondCount, type Window } from './window.ts'

/**
 * Adds one second's events to a key's window, in place.
 * @param maxAddresses how many addresses to remember at the most
 * @returns whether windows that end from this second on can be judged; false where it lies more than 5 minutes behind
 *   the key's newest event, and then only the key's habit has learnt from it
 */
export function fold(window: Window, tally: SecondTally, maxAddresses: number): boolean {
  const newest = Math.max(window.newest, tally.second)
  const judged = tally.second >= oldestJudged(newest)
  window.newest = newest
  if (judged) {
    addSecond(window.seconds, tally)
    foldAddresses(window, tally, maxAddresses)
  }
  foldHabit(window.habit, tally, newest)
  prune(window)
  return judged
}

function addSecond(seconds: SecondCount[], { second, requests, errors }: SecondTally): void {
  let index = seconds.length
  while (index > 0 && (seconds[index - 1]?.second ?? 0) > second) index -= 1
  const present = seconds[index - 1]
  if (present?.second === second) {
    present.requests += requests
    present.errors += errors
  } else {
    seconds.splice(index, 0, { second, requests, errors })
  }
}

function prune({ newest, seconds }: Window): void {
  const keep = seconds.findIndex(({ second }) => second > newest - countedSeconds)
  if (keep > 0) seconds.splice(0, keep)
}
