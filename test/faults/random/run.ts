import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { type BalanceLine, balance, countHandles } from './balance.ts'
import { heal, injectFault } from './faults.ts'
import { startFaultFleet } from './fleet.ts'
import { startFaultLoad } from './load.ts'
import { createRandom } from './random.ts'

export interface FaultRun {
  seed: number
  /** Goes on until it says no. @param faults how many there were */
  goOn(faults: number): boolean
  /** Between two faults, ms. */
  pauseMs: readonly [least: number, most: number]
  keys: number
  say(text: string): void
}

export interface FaultRunOutcome {
  lines: BalanceLine[]
  events: number
  repeated: number
  /** What did not end well when it was asked to. */
  unclean: string[]
  /** What every process wrote, for a look where something is wrong. */
  output(): string
}

/** Low, so that a short run finds something. */
const thresholds = { requestsPerMinute: 120, ipsPerHour: 5 }

/** Runs everything under load and breaks it, again and again, at random; then closes the books. */
export async function runFaults({ seed, goOn, pauseMs, keys, say }: FaultRun): Promise<FaultRunOutcome> {
  const random = createRandom(seed)
  const fleet = await startFaultFleet({
    MOMENTRY_MASTER_KEY: inject('masterKey'),
    MOMENTRY_REDIS_PREFIX: 'momentry',
    PORT: '0',
    LOG_LEVEL: 'info',
    BACKUP_SCHEDULE: 'off',
    RATE_LIMIT_MAX_ATTEMPTS: '1000000',
    ANOMALY_REQUESTS_PER_MINUTE: String(thresholds.requestsPerMinute),
    ANOMALY_IPS_PER_HOUR: String(thresholds.ipsPerHour),
  })
  try {
    const { key: root } = await createBootstrapKey(fleet.postgres.url)
    const load = await startFaultLoad(fleet, root, createRandom(seed ^ 0x5bd1e995), keys)
    await sleep(1_000)
    const before = await countHandles(fleet)
    const began = performance.now()
    for (let faults = 0; goOn(faults); faults += 1) {
      await sleep(random.between(...pauseMs))
      const what = await injectFault(fleet, random)
      say(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}`)
    }
    await heal(fleet)
    await load.stop()
    const lines = await balance({ fleet, load, root, thresholds, before })
    const unclean = await fleet.stop()
    const output = () => fleet.places.map(({ name, process }) => `--- ${name}\n${process.output()}`).join('\n')
    return { lines, events: load.accepted.length, repeated: load.repeated(), unclean, output }
  } finally {
    await fleet.close()
  }
}
