import type { SecondTally } from './tally.ts'
import { type AddressSpan, limits, oldestJudged, type Window } from './window.ts'

/**
 * Adds the addresses of one second to a window, in place.
 *
 * An address seen at `s` is in every window of an hour that ends in `s … s + 3599`. Sightings at most an hour apart
 * therefore cover one unbroken stretch of window ends, and first and last of them say all of it: at most two such
 * stretches can matter at a time, since windows that end more than 5 minutes back are judged no more.
 */
export function foldAddresses(window: Window, tally: SecondTally, maxAddresses: number): void {
  for (const address of tally.addresses) {
    window.addresses.set(address, extend(window.addresses.get(address) ?? [], tally.second))
  }
  const oldestEnd = oldestJudged(window.newest)
  for (const [address, spans] of window.addresses) {
    if (isLiving(spans[0], oldestEnd)) continue
    const living = spans.filter((span) => isLiving(span, oldestEnd))
    if (living.length === 0) window.addresses.delete(address)
    else if (living.length < spans.length) window.addresses.set(address, living)
  }
  if (window.addresses.size > maxAddresses) forgetOldest(window.addresses, maxAddresses)
}

/** The last second in which a window of an hour that holds a sighting of the span may end. */
export function lastEnd(span: AddressSpan): number {
  return span.last + limits.addressSeconds - 1
}

/** Spans stand in order: where the first one lives, all of them do. */
function isLiving(span: AddressSpan | undefined, oldestEnd: number): boolean {
  return span !== undefined && lastEnd(span) >= oldestEnd
}

function extend(spans: AddressSpan[], second: number): AddressSpan[] {
  const newest = spans.at(-1)
  if (newest && second >= newest.first && second <= newest.last + limits.addressSeconds) {
    newest.last = Math.max(newest.last, second)
    return spans
  }
  const touches = (span: AddressSpan) =>
    second >= span.first - limits.addressSeconds && second <= span.last + limits.addressSeconds
  const touched = spans.filter(touches)
  const merged = {
    first: Math.min(second, ...touched.map((span) => span.first)),
    last: Math.max(second, ...touched.map((span) => span.last)),
  }
  return [...spans.filter((span) => !touches(span)), merged].sort((a, b) => a.first - b.first)
}

/*
 * More addresses than the cap means that the rule has fired: each address that is kept is in the window that ends
 * now or in the one that ended 5 minutes ago, and the cap is more than twice the threshold.
 */
function forgetOldest(addresses: Map<string, AddressSpan[]>, max: number): void {
  const newestFirst = [...addresses].sort(([, a], [, b]) => (b.at(-1)?.last ?? 0) - (a.at(-1)?.last ?? 0))
  for (const [address] of newestFirst.slice(max)) addresses.delete(address)
}
