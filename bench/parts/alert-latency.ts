import { setTimeout as delay } from 'node:timers/promises'
import { alertSchema, subjectOf } from '@momentry/shared/alerts/alert.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { Redis } from 'ioredis'
import { insertKeys } from '../harness/keys.ts'
import { percentile } from '../harness/percentile.ts'
import type { Bench, Part, Round } from '../part.ts'
import { writeCrossings } from '../usage/crossings.ts'
import { eventsPerReport } from '../usage/reports.ts'
import { startUsageSystem, type UsageSystem } from '../usage/system.ts'

const eventsPerSecond = 10_000
const everyMs = (1000 * eventsPerReport) / eventsPerSecond
const threshold = 50
const crossingsPerSecond = 40
/** Keys that stay below the threshold over all rounds. */
const otherKeys = 10_000
const giveUpMs = 15_000

/** Listens to the alerts of an installation. */
async function listen({ redisUrl, prefix }: { redisUrl: string; prefix: string }) {
  const redis = new Redis(redisUrl)
  const heardAt = new Map<string, number>()
  redis.on('message', (_channel, text: string) => {
    const subject = subjectOf(alertSchema.parse(JSON.parse(text)))
    if (!heardAt.has(subject)) heardAt.set(subject, performance.now())
  })
  await redis.subscribe(createNames(prefix).alertChannel)
  return { heardAt, close: () => redis.disconnect() }
}

/** Sends reports at a steady pace, and gives for each key the time from its report to its message, ms. @throws where one is missing */
async function measure(
  { sender }: UsageSystem,
  heardAt: ReadonlyMap<string, number>,
  keys: { crossing: readonly string[]; others: readonly string[] },
  seconds: number,
): Promise<number[]> {
  const count = Math.ceil((seconds * 1000) / everyMs)
  const { reports, crossedBy } = writeCrossings(keys, { threshold, count, startAt: Date.now() + 500, everyMs })
  const sentAt: number[] = []
  const began = performance.now()
  const sending = reports.map(async (report, index) => {
    await delay(Math.max(0, began + index * everyMs - performance.now()))
    sentAt[index] = performance.now()
    await sender.send(report)
  })
  await Promise.all(sending)
  const until = performance.now() + giveUpMs
  while (keys.crossing.some((id) => !heardAt.has(id))) {
    if (performance.now() > until)
      throw new Error(
        `of ${keys.crossing.length} keys, nothing was heard of ${keys.crossing.filter((id) => !heardAt.has(id)).length}`,
      )
    await delay(20)
  }
  return [...crossedBy].map(([id, index]) => (heardAt.get(id) ?? Number.NaN) - (sentAt[index] ?? Number.NaN))
}

/** From the sending of the report whose event is one too many for its key to the message on the channel. */
export const alertLatency: Part = {
  name: 'alert-latency',
  title: 'from the event that crosses a threshold to the message on the channel, at 10,000 events/s',
  async run(bench: Bench) {
    const env = { ANOMALY_REQUESTS_PER_MINUTE: String(threshold) }
    const system = await startUsageSystem(await bench.stores(), { env, alerts: true })
    const ears = await listen(system.installation)
    try {
      const { databaseUrl } = system.installation
      const seconds = bench.smoke ? 1 : bench.seconds
      const others = (await insertKeys(databaseUrl, bench.smoke ? otherKeys / 10 : otherKeys)).map(({ id }) => id)
      const rounds: Round[] = []
      for (let round = 0; round <= bench.rounds; round += 1) {
        const crossing = (await insertKeys(databaseUrl, crossingsPerSecond * seconds)).map(({ id }) => id)
        const took = await measure(system, ears.heardAt, { crossing, others }, seconds)
        const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)]
        // The first round is for code and caches to warm up.
        if (round > 0) rounds.push({ subject: p99 })
        bench.say(
          `  ${round === 0 ? 'warm-up' : `round ${round}`}: ${took.length} alerts, p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms`,
        )
      }
      return [
        {
          ...{ name: 'alert-latency', work: 'event to message on the channel at 10,000 events/s, p99', reference: '—' },
          ...{ unit: 'ms', goal: { atMost: 250 }, rounds },
          note: 'from the sending of the report of 1,000 events; one api, one worker and one alerter on both cores, the stores and the load on core 1',
        },
      ]
    } finally {
      ears.close()
      await system.close()
    }
  },
}
