import { cpuSeconds } from '../harness/cpu-seconds.ts'
import { insertKeys } from '../harness/keys.ts'
import { median } from '../harness/median.ts'
import type { Bench, Part, Round } from '../part.ts'
import { startBullmq } from '../usage/bullmq.ts'
import { eventsPerReport, type Report, writeEvents, writeHistory, writeReports } from '../usage/reports.ts'
import { startUsageSystem, type UsageSystem } from '../usage/system.ts'
import { addEntries } from '../usage/xadd.ts'

const inFlight = 8
/** What is ordinary traffic here must be no anomaly: a key takes hundreds of events a second. */
export const ordinary = { ANOMALY_REQUESTS_PER_MINUTE: '10000000', ANOMALY_IPS_PER_HOUR: '100' }

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

/** Keeps a floor, a peer and Momentry in turn. */
async function measure(bench: Bench, system: UsageSystem, keyIds: readonly string[]) {
  const make = (count: number) => writeReports(keyIds, count, { until: Date.now(), reportsPerSecond: 100 })
  const bullmq = await startBullmq(system.installation.redisUrl)
  try {
    const warm = await ingest(system, make(bench.smoke ? 5 : 200))
    const count = Math.ceil((warm.eventsPerSecond * bench.seconds) / eventsPerReport)
    const jobs = writeEvents(keyIds, bench.smoke ? 500 : 4000 * bench.seconds)
    const seen: Ingested[] = []
    const floors: number[] = []
    const peers: number[] = []
    for (let round = 1; round <= bench.rounds; round += 1) {
      const reports = make(count)
      const bytes = Math.round(reports.reduce((sum, { body }) => sum + body.length, 0) / (count * eventsPerReport))
      const floor = await addEntries(system.installation.redisUrl, { bytes, seconds: bench.seconds })
      const result = await ingest(system, reports)
      const peer = await bullmq.process(jobs)
      seen.push(result)
      floors.push(floor)
      peers.push(peer)
      bench.say(
        `  round ${round}: ${Math.round(result.eventsPerSecond)} events/s, XADD of ${bytes} bytes ${Math.round(floor)}/s, BullMQ ${Math.round(peer)}/s; ${tellMicros([result])}`,
      )
    }
    return { seen, floors, peers }
  } finally {
    await bullmq.close()
  }
}

const place =
  'api and worker on both cores, Redis and the load (Node over 8 connections, bodies ready before) on core 1; redis-benchmark on core 0'

/**
 * One api and one worker, as `npm start` has them. Its load is sent by this program from bodies that are ready: what that
 * costs stands beside what the others cost, in the note.
 */
export const ingestPart: Part = {
  name: 'ingest',
  title: 'reports of 1,000 events, from the first POST until all are folded, judged and acknowledged',
  async run(bench: Bench) {
    const system = await startUsageSystem(await bench.stores(), { env: ordinary })
    try {
      const keys = await insertKeys(system.installation.databaseUrl, bench.smoke ? 50 : 1000)
      const keyIds = keys.map(({ id }) => id)
      const history = { from: Date.now() - 620_000, stepSeconds: 1, steps: bench.smoke ? 20 : 600, eventsPerStep: 1 }
      await system.sender.sendAll(writeHistory(keyIds, history), inFlight)
      const { seen, floors, peers } = await measure(bench, system, keyIds)
      const against = (references: readonly number[]): Round[] =>
        seen.map(({ eventsPerSecond }, round) => ({ subject: eventsPerSecond, reference: references[round] }))
      const work = 'reports of 1,000 events, folded, judged and acknowledged'
      return [
        {
          ...{ name: 'ingest', work, reference: '`redis-benchmark` XADD of the same bytes, `-P 100 -c 1`' },
          ...{ unit: 'events/s', goal: { atLeast: 0.4 }, rounds: against(floors) },
          note: `${place}; ${tellMicros(seen)}`,
        },
        {
          ...{ name: 'ingest-bullmq', work: 'the same', reference: 'BullMQ, a job that does nothing for each event' },
          ...{ unit: 'events/s', goal: { atLeast: 12 }, rounds: against(peers) },
        },
      ]
    } finally {
      await system.close()
    }
  },
}
