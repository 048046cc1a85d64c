export interface Batch {
  /** From 0. */
  index: number
  /** Positions of its events: `from` is in, `to` is not. */
  from: number
  to: number
}

/** Events in order of time. */
export interface TimedEvents {
  readonly length: number
  at(index: number): { at: number } | undefined
}

/**
 * Cuts events into batches of at most `size`, each at the end of a second where possible, so that what happened within a
 * second is reported together. Only a second that is larger than a batch is divided.
 */
export function cutBatches(events: TimedEvents, size: number): Batch[] {
  const batches: Batch[] = []
  for (let from = 0; from < events.length; ) {
    const to = endOfBatch(events, from, size)
    batches.push({ index: batches.length, from, to })
    from = to
  }
  return batches
}

function endOfBatch(events: TimedEvents, from: number, size: number): number {
  const full = from + size
  if (full >= events.length) return events.length
  let to = full
  while (to > from && secondOf(events, to - 1) === secondOf(events, full)) to -= 1
  return to === from ? full : to
}

function secondOf(events: TimedEvents, position: number): number {
  return Math.floor((events.at(position)?.at ?? 0) / 1000)
}
