import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnomalyThresholds } from '../../config.ts'
import { tally } from '../../usage/window/tally.ts'
import { emptyState, judge, judgeSilence } from './judge.ts'
import { decodeState, encodeState } from './state-codec.ts'

/*
 * Detection against brute force: plain loops over all events, which share no code with what they check. Thresholds are
 * small and times lie close to the ends of windows, so that random streams cross them often and by little.
 */
const keyId = '00000000-0000-7000-8000-000000000001'
const start = 1_700_000_000

const thresholds = fc.record({
  requestsPerMinute: fc.integer({ min: 1, max: 8 }),
  errorRate: fc.constantFrom(0.3, 0.5, 0.75),
  errorMinRequests: fc.integer({ min: 1, max: 8 }),
  ipsPerHour: fc.integer({ min: 1, max: 5 }),
  timeMaxShare: fc.constant(0.001),
  timeMinDays: fc.constant(14),
  timeMinHistory: fc.constant(200),
  timeMinRequests: fc.constant(3),
})

interface Request {
  second: number
  status: number
  ip: string
}

/** Seconds anywhere, or one window's length, give or take a second, after a round one. */
const second = (span: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: span }),
    fc
      .tuple(
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom(0, 1, 2, 3, 60, 120, 300, 360, 3600, 7200),
        fc.integer({ min: -2, max: 2 }),
      )
      .map(([base, length, by]) => Math.min(span, Math.max(0, base * 5 + length + by))),
  )

const request = (span: number, addresses: number) =>
  fc.record({
    second: second(span).map((offset) => start + offset),
    status: fc.constantFrom(200, 200, 500),
    ip: fc.integer({ min: 1, max: addresses }).map((n) => `10.0.0.${n}`),
  })

/** Runs events through detection in the order given, in batches, with the state written and read back in between. */
function detect(events: readonly Request[], batch: number, thresholds: AnomalyThresholds): Set<string> {
  const settleSeconds = 2
  const options = { keyId, thresholds, settleSeconds }
  const found = new Set<string>()
  let state = emptyState()
  const toEvent = ({ second, status, ip }: Request) => ({ keyId, at: second * 1000, ip, status, latencyMs: undefined })
  for (let index = 0; index < events.length; index += batch) {
    for (const seconds of tally(events.slice(index, index + batch).map(toEvent)).values()) {
      for (const second of seconds) for (const finding of judge(state, second, options)) found.add(finding.rule)
    }
    state = decodeState(encodeState({ state, writtenAt: 0 })).state
  }
  for (const finding of judgeSilence(state, settleSeconds, options)) found.add(finding.rule)
  return found
}

function bruteForce(events: readonly Request[], thresholds: AnomalyThresholds): Set<string> {
  const found = new Set<string>()
  for (const { second: end } of events) {
    const within = (length: number) => events.filter(({ second }) => second > end - length && second <= end)
    if (within(60).length > thresholds.requestsPerMinute) found.add('high_request_rate')
    if (new Set(within(3600).map(({ ip }) => ip)).size > thresholds.ipsPerHour) found.add('multiple_ips')
    const recent = within(300)
    const failed = recent.filter(({ status }) => status >= 400).length
    if (recent.length >= thresholds.errorMinRequests && failed / recent.length > thresholds.errorRate)
      found.add('high_error_rate')
  }
  return found
}

/** Puts events into an order in which each comes at most `late` seconds after one that is newer. */
function delayed(events: readonly Request[], delays: readonly number[], late: number): Request[] {
  return events
    .map((event, index) => ({ event, arrives: event.second + ((delays[index % delays.length] ?? 0) % (late + 1)) }))
    .sort((a, b) => a.arrives - b.arrives)
    .map(({ event }) => event)
}

interface Stream {
  /** Seconds that the events are spread over. */
  span: number
  addresses: number
  /** Seconds by which an event may come after a newer one. */
  late: number
  rules: readonly string[]
}

/** Holds what detection finds against what brute force finds, of some rules, on random streams of a kind. */
function expectSame({ span, addresses, late, rules }: Stream): void {
  const only = (found: Set<string>) => [...found].filter((rule) => rules.includes(rule)).sort()
  const events = fc.array(request(span, addresses), { maxLength: 60 })
  const delays = fc.array(fc.nat(), { minLength: 1, maxLength: 20 })
  const batch = fc.integer({ min: 1, max: 12 })
  const property = fc.property(events, delays, batch, thresholds, (sent, delay, size, limits) => {
    expect(only(detect(delayed(sent, delay, late), size, limits))).toEqual(only(bruteForce(sent, limits)))
  })
  fc.assert(property, { numRuns: 3000 })
}

describe('detection against brute force', () => {
  const growing = ['high_request_rate', 'multiple_ips']

  it('finds the same rates and addresses in whatever order the events of 5 minutes come', () => {
    expectSame({ span: 900, addresses: 6, late: 300, rules: growing })
  })

  it('finds the same addresses over hours', () => {
    expectSame({ span: 20_000, addresses: 9, late: 300, rules: growing })
  })

  it('finds the same error shares where events come out of order within the time to settle', () => {
    expectSame({ span: 700, addresses: 3, late: 2, rules: [...growing, 'high_error_rate'] })
  })
})
