import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import type { FaultFleet } from './fleet.ts'
import type { Random } from './random.ts'

const shiftClock = fileURLToPath(new URL('./shift-clock.ts', import.meta.url))

/** Does something bad, and gives what it was. Whatever it does is over, or mends itself, when it resolves. */
type Fault = (fleet: FaultFleet, random: Random) => Promise<string>

const faults: readonly { weight: number; inject: Fault }[] = [
  {
    weight: 6,
    async inject({ places }, random) {
      const place = random.pick(places)
      await place.replace('SIGKILL')
      return `kill -9 of ${place.name}`
    },
  },
  {
    weight: 2,
    async inject({ places }, random) {
      const place = random.pick(places)
      const ms = random.between(500, 4_000)
      place.process.kill('SIGSTOP')
      await sleep(ms)
      place.process.kill('SIGCONT')
      return `${place.name} stood still for ${ms} ms`
    },
  },
  {
    weight: 2,
    async inject({ redis }, random) {
      const hard = random.next() < 0.5
      await (hard ? redis.kill() : redis.stop())
      await sleep(random.between(0, 2_000))
      await redis.start()
      return `Redis was ${hard ? 'killed' : 'stopped'} and started`
    },
  },
  {
    weight: 2,
    async inject({ postgres }, random) {
      const hard = random.next() < 0.5
      await (hard ? postgres.kill() : postgres.stop())
      await sleep(random.between(0, 2_000))
      await postgres.start()
      return `PostgreSQL was ${hard ? 'killed' : 'stopped'} and started`
    },
  },
  {
    weight: 4,
    async inject({ places }, random) {
      const place = random.pick(places)
      const store = random.pick(['postgres', 'redis'] as const)
      place[store].cut()
      return `${place.name} was cut off from ${store}`
    },
  },
  {
    weight: 2,
    async inject({ places }, random) {
      const place = random.pick(places)
      const [store, ms] = [random.pick(['postgres', 'redis'] as const), random.between(100, 1_500)]
      place[store].delay(ms)
      await sleep(random.between(1_000, 3_000))
      place[store].delay(0)
      return `${store} answered ${place.name} ${ms} ms late`
    },
  },
  {
    weight: 2,
    async inject({ places }, random) {
      const place = random.pick(places)
      const store = random.pick(['postgres', 'redis'] as const)
      place[store].swallow(true)
      await sleep(random.between(1_000, 4_000))
      place[store].swallow(false)
      return `all that ${place.name} and ${store} said to each other vanished for a while`
    },
  },
  {
    weight: 2,
    async inject({ redis }, random) {
      const client = new Redis(redis.url)
      client.on('error', () => undefined)
      try {
        await client.config('SET', 'maxmemory', '1')
        await sleep(random.between(500, 2_000))
      } finally {
        await client.config('SET', 'maxmemory', '0')
        client.disconnect()
      }
      return 'Redis had no room for a while'
    },
  },
  {
    weight: 2,
    async inject({ places }, random) {
      const place = random.pick(places)
      // An api refuses events that lie more than 60 s ahead of its clock, as it should.
      const most = place.app === 'api' ? 30_000 : 120_000
      const ms = random.between(-most, most)
      await place.replace('SIGKILL', { NODE_OPTIONS: `--import ${shiftClock}`, CLOCK_SHIFT_MS: String(ms) })
      return `${place.name} was killed, and its clock is ${ms} ms off now`
    },
  },
]

/** Injects one fault. @returns what it was */
export function injectFault(fleet: FaultFleet, random: Random): Promise<string> {
  const all = faults.reduce((sum, { weight }) => sum + weight, 0)
  let left = random.next() * all
  const chosen = faults.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  if (!chosen) throw new Error('no fault was chosen')
  return chosen.inject(fleet, random)
}

/** Ends whatever a fault may have left: clocks that are off, and processes that a fault had started anew. */
export async function heal(fleet: FaultFleet): Promise<void> {
  for (const place of fleet.places) {
    place.process.kill('SIGCONT')
    for (const wire of [place.postgres, place.redis]) wire.delay(0)
  }
}
