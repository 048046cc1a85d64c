import { cpuSeconds } from '../harness/cpu-seconds.ts'
import { insertKeys } from '../harness/keys.ts'
import { median } from '../harness/median.ts'
import type { Bench, Part, Round } from '../part.ts'
import { eventsPerReport, type Report, writeHistory, writeReports } from '../usage/reports.ts'
import { startUsageSystem, type UsageSystem } from '../usage/system.ts'
import { addEntries } from '../usage/xadd.ts'

const inFlight = 8
/** What is ordinary traffic here must be no anomaly: a key takes hundreds of events a second. */
const env = { ANOMALY_REQUESTS_PER_MINUTE: '10000000', ANOMALY_IPS_PER_HOUR: '100' }

/** What one measurement took. */
interface Ingested {
  eventsPerSecond: number
  /** Processor time of each process, µs per event. */
  micros: Record<'api' | 'worker' | 'redis' | 'load', number>
}

/** Sends reports, and waits until each of their events is folded, judged and acknowledged. @throws Error where one is not */
export async function ingest(system: UsageSystem, reports: readonly Report[]): Promise<Ingested> {
  const { books, sender, api, worker } = system
  const before = await books.drained()
  const readCpu = async () => ({
    api: cpuSeconds(api.pid) ?? Number.NaN,
    worker: cpuSeconds(worker.pid) ?? Number.NaN,
    redis: await books.redisSeconds(),
    load: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
  })
  const cpuBefore = await readCpu()
  const began = performance.now()
  const taken = await sender.sendAll(reports, inFlight)
  const after = await books.drained()
  const seconds = (performance.now() - began) / 1000
  const cpu = await readCpu()
  const [accepted, folded] = [after.accepted - before.accepted, after.folded - before.folded]
  if (accepted !== taken || folded !== taken)
    throw new Error(`${taken} events were taken, ${accepted} came onto the streams and ${folded} were folded`)
  const perEvent = (name: keyof typeof cpu) => ((cpu[name] - cpuBefore[name]) * 1e6) / taken
  return {
    eventsPerSecond: taken / seconds,
    micros: { api: perEvent('api'), worker: perEvent('worker'), redis: perEvent('redis'), load: perEvent('load') },
  }
}

function tellMicros(all: readonly Ingested[]): string {
  const of = (name: keyof Ingested['micros']) => median(all.map(({ micros }) => micros[name])).toFixed(1)
  return `processor time per event: api ${of('api')} µs, worker ${of('worker')} µs, Redis ${of('redis')} µs, the load ${of('load')} µs`
}

export const ingestPart: Part = {
  name: 'ingest',
  title: 'reports of 1,000 events, from the first POST until all are folded, judged and acknowledged',
  async run(bench: Bench) {
    const system = await startUsageSystem(await bench.stores(), { env })
    try {
      const keys = await insertKeys(system.installation.databaseUrl, bench.smoke ? 50 : 1000)
      const keyIds = keys.map(({ id }) => id)
      const now = Date.now()
      const history = { from: now - 620_000, seconds: bench.smoke ? 20 : 600, eventsPerSecond: 1 }
      await system.sender.sendAll(writeHistory(keyIds, history), inFlight)
      const make = (count: number) => writeReports(keyIds, count, { until: Date.now(), reportsPerSecond: 100 })
      const warm = await ingest(system, make(bench.smoke ? 5 : 200))
      const count = Math.ceil((warm.eventsPerSecond * bench.seconds) / eventsPerReport)
      const seen: Ingested[] = []
      const rounds: Round[] = []
      for (let round = 0; round < bench.rounds; round += 1) {
        const reports = make(count)
        const bytes = Math.round(reports.reduce((sum, { body }) => sum + body.length, 0) / (count * eventsPerReport))
        const reference = await addEntries(system.installation.redisUrl, { bytes, seconds: bench.seconds })
        const result = await ingest(system, reports)
        seen.push(result)
        rounds.push({ subject: result.eventsPerSecond, reference })
        bench.say(
          `  round ${round + 1}: ${Math.round(result.eventsPerSecond)} events/s, XADD of ${bytes} bytes ${Math.round(reference)}/s; ${tellMicros([result])}`,
        )
      }
      return [
        {
          name: 'ingest',
          work: 'reports of 1,000 events, folded, judged and acknowledged',
          reference: '`redis-benchmark` XADD of the same bytes, `-P 100 -c 1`',
          unit: 'events/s',
          goal: { atLeast: 0.4 },
          rounds,
          note: tellMicros(seen),
        },
      ]
    } finally {
      await system.close()
    }
  },
}
