import { setTimeout as pause } from 'node:timers/promises'
import { createRandom } from '@momentry/shared/demo/random.ts'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { checkAnomalies, hasAllAnomalies } from './books/anomalies.ts'
import { checkKeys } from './books/keys.ts'
import { checkLeftovers, countHoldings, isSameInRedis } from './books/leftovers.ts'
import { checkQueues, countOpenWork } from './books/queues.ts'
import { createSheet, type Sheet } from './books/sheet.ts'
import { checkUsage } from './books/usage.ts'
import { listenToAlerts } from './load/alerts.ts'
import { createAsker } from './load/ask.ts'
import { startFaultLoad } from './load/load.ts'
import { thresholds } from './load/series.ts'
import { applyFault, tellFault } from './schedule/apply.ts'
import { planRounds } from './schedule/plan.ts'
import { type Fleet, startFleet } from './system/fleet.ts'
import type { FaultStores } from './system/stores.ts'

export interface RunOptions {
  seed: number
  stores: FaultStores
  /** Ends before the first round that would come when this says so. @param done rounds so far, and how long they took */
  isEnough(done: { rounds: number; ms: number }): boolean
  longestFaultMs: number
  /** Between two rounds, at the most. */
  calmMs: number
  reporters: number
  keysPerReporter: number
  holders: number
  /** Is told what happens, a line each. */
  say(line: string): void
}

/** How long it may take until everything is done, once nothing is broken any more. */
const drainMs = 90_000
const lookMs = 250

/** Works under load while things break, and draws up the balance sheet once they are whole again. Leaves the stores open. */
export async function runFaults(options: RunOptions): Promise<Sheet> {
  const { stores, say } = options
  for (const why of stores.missing) say(`left out: ${why}`)
  const env = { DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl, ...stores.env }
  const bench = await createWorkbench(env)
  const fleet = await startFleet(stores, {
    ...thresholds,
    // Callers here ask about dead secrets all the time, from one address.
    RATE_LIMIT_MAX_ATTEMPTS: '1000000',
    CREDENTIAL_STUFFING_SECRETS: '1000',
    BACKUP_SCHEDULE: 'off',
    LOG_LEVEL: 'info',
  })
  const alerts = await listenToAlerts({
    redisUrl: stores.redisUrl,
    prefix: stores.env['MOMENTRY_REDIS_PREFIX'] ?? '',
    pool: bench.postgres.pool,
  })
  try {
    return await work(options, { bench, fleet, alerts })
  } finally {
    await alerts.close()
    await fleet.close()
    await bench.close()
  }
}

async function work(
  options: RunOptions,
  { bench, fleet, alerts }: { bench: Workbench; fleet: Fleet; alerts: Awaited<ReturnType<typeof listenToAlerts>> },
): Promise<Sheet> {
  const { seed, stores, say } = options
  const sheet = createSheet()
  const surprises: string[] = []
  const operator = (await createBootstrapKey(stores.databaseUrl)).key
  const keyIds = await Promise.all(
    Array.from({ length: options.reporters }, (_, reporter) =>
      Promise.all(
        Array.from({ length: options.keysPerReporter }, (_, key) => bench.insertKey(`reported-${reporter}-${key}`)),
      ),
    ),
  )
  const asker = createAsker(fleet.apiUrls)
  const before = await settledHoldings(bench, fleet)
  const load = startFaultLoad({
    ...{ seed, asker, operator, keyIds, apiUrls: fleet.apiUrls, holders: options.holders },
  })

  await breakThings(options, fleet, (what) => surprises.push(what))
  say('everything is whole again: what is under way ends')
  await load.stop()
  const { reported, held } = load
  say(`${reported.events.length} events were answered 202; what waits is worked on`)
  await until(
    drainMs,
    async () => (await countOpenWork(bench)) === 0 && (await hasAllAnomalies(bench, reported.events)),
  )

  await checkUsage(sheet, bench, reported, keyIds.flat())
  await checkAnomalies(sheet, bench, reported.events, alerts)
  await checkKeys({ sheet, bench, asker, operator, apiUrls: fleet.apiUrls }, held)
  // What was asked about dead secrets just now raises alarms and counts as uses of theirs.
  await until(drainMs, async () => (await countOpenWork(bench)) === 0)
  await checkQueues(sheet, bench, reported)
  const now = { holdings: await countHoldings(bench, fleet) }
  await until(drainMs / 3, async () => {
    now.holdings = await countHoldings(bench, fleet)
    return isSameInRedis(before, now.holdings)
  })
  await checkLeftovers(sheet, bench, before, now.holdings)
  sheet.none('answers that nobody should get', asker.strange)
  for (const slot of fleet.slots) for (const line of slot.errors()) say(`an error of ${slot.name}: ${line}`)
  const codes = await Promise.all(fleet.slots.map(async (slot) => [slot.name, await slot.stop()] as const))
  surprises.push(...codes.flatMap(([name, code]) => (code === 0 ? [] : [`${name} ended with ${code}`])))
  sheet.none('ends and starts of processes that should not have been', [
    ...surprises,
    ...fleet.slots.flatMap((slot) => slot.surprises),
  ])
  say(
    `answers ${asker.seen.answered}, "later" ${asker.seen.later}, none ${asker.seen.silent}; ` +
      `reports ${reported.reports}; keys ${held.keys.length}; validations ${held.validations}; ` +
      `alerts by the channel ${alerts.told.size}, found in rows after ${alerts.cuts()} cuts ${alerts.caughtUp.size}`,
  )
  return sheet
}

async function breakThings(options: RunOptions, fleet: Fleet, surprise: (what: string) => void): Promise<void> {
  const { seed, stores, say, isEnough } = options
  const random = createRandom(seed)
  const plan = planRounds(
    random,
    {
      slots: fleet.slots.length,
      stoppable: stores.postgres ? ['redis', 'postgres'] : ['redis'],
      canFillDisk: stores.disk !== undefined,
      longestMs: options.longestFaultMs,
    },
    (slot) => fleet.slots[slot]?.app === 'worker',
  )
  const began = performance.now()
  let rounds = 0
  for (const faults of plan) {
    const ms = performance.now() - began
    if (isEnough({ rounds, ms })) return
    rounds += 1
    say(`${(ms / 1000).toFixed(1)} s  ${faults.map((fault) => tellFault(fleet, fault)).join(' + ')}`)
    await Promise.all(faults.map((fault) => applyFault({ fleet, stores, surprise }, fault)))
    await pause(random.integer(0, options.calmMs))
  }
}

/** What is held open once all connections have been made: partitions are shared out within seconds of the start. */
async function settledHoldings(bench: Workbench, fleet: Fleet) {
  let last = await countHoldings(bench, fleet)
  const isWhole = () => {
    const readers = last.redis.get('momentry-worker:blocking') ?? 0
    return readers === readersOfWorkers
  }
  await until(drainMs, async () => {
    last = await countHoldings(bench, fleet)
    return isWhole()
  })
  return last
}

/** One for each of the 8 partitions, whichever worker has it. */
const readersOfWorkers = 8

/** Waits until something is so, or for so long; what is not so by then shows in the sheet. */
async function until(ms: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await isSo().catch(() => false)) && performance.now() < deadline) await pause(lookMs)
}
