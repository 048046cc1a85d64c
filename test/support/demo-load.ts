import { generateDemo } from '@momentry/shared/demo/generate.ts'
import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import type { Workbench } from './workbench.ts'

export interface DemoLoad {
  /** Requests of at most 1,000 events each, in order; none ends within a second that goes on in the next. */
  batches: UsageEvent[][]
  events: number
  errors: number
  /** `key id rule`, sorted: every anomaly that was planted. */
  planted: string[]
}

/** Makes keys and days of traffic with planted anomalies of each rule, ready to be sent. */
export async function makeDemoLoad(bench: Workbench, seed: number): Promise<DemoLoad> {
  const demo = generateDemo({ seed, keys: 12, days: 16, now: Date.UTC(2026, 5, 1) })
  const ids = await Promise.all(demo.keys.map((key) => bench.insertKey(key.name)))
  const idOf = (key: number) => ids[key] ?? ''
  const events = demo.events.map(
    (event): UsageEvent => ({
      keyId: idOf(event.key),
      at: event.at,
      ip: event.ip,
      status: event.status,
      latencyMs: undefined,
    }),
  )
  return {
    batches: cutAtSeconds(events, 1000),
    events: events.length,
    errors: events.filter(({ status }) => status >= 400).length,
    planted: demo.planted.map(({ key, rule }) => `${idOf(key)} ${rule}`).sort(),
  }
}

function cutAtSeconds(events: readonly UsageEvent[], size: number): UsageEvent[][] {
  const batches: UsageEvent[][] = []
  const secondOf = (event: UsageEvent | undefined) => Math.floor((event?.at ?? 0) / 1000)
  for (let start = 0; start < events.length; ) {
    let end = Math.min(start + size, events.length)
    while (end < events.length && end > start + 1 && secondOf(events[end]) === secondOf(events[end - 1])) end -= 1
    batches.push(events.slice(start, end))
    start = end
  }
  return batches
}
