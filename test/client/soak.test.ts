import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@momentry/client/client.ts'
import { createRotatingSecret, type RotatingSecret } from '@momentry/client/holder/rotating-secret.ts'
import { createUsageReporter } from '@momentry/client/usage/reporter.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeKey } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { eventually } from './support/eventually.ts'
import { endGrace, rotateKey, waitForRotation } from './support/rotations.ts'
import { startHono } from './support/services.ts'

/** Of each kind; ROTATIONS=50, say, for a longer one. */
const rotations = Number(process.env['ROTATIONS'] ?? 20)
/** The key of the service is rotated as well, with every fifth rotation of the caller's. */
const ownEvery = 5
const callers = 3
/** Between two calls of a caller: dozens of them fall into each rotation, and leave it room. */
const pauseMs = 20

let t: Harness
let worker: TestProcess
beforeAll(async () => {
  t = await startHarness()
  worker = await startProcess('worker', t.stores.env)
})
afterAll(async () => {
  await worker.stop()
  await t.close()
})

/** A program that holds a key of its own. */
async function startHolder(scopes: string[], onError: (error: unknown) => void) {
  const store = await makeKey(t.asRoot, { scopes })
  const versions: number[] = []
  const secret = createRotatingSecret({
    ...{ url: t.api.url ?? '', checkEveryMs: 50, onError },
    load: () => store.key,
    save: (next) => {
      store.key = next
    },
    onRotated: ({ secretVersion }) => versions.push(secretVersion),
  })
  await secret.start()
  return { ...secret, id: store.id, versions }
}

/** Calls all the time until it is stopped. */
function callAllTheTime(call: () => Promise<Response>) {
  /** How often a call came out how. */
  const outcomes = new Map<string, number>()
  const turns = Array.from({ length: callers }, () => 0)
  let stopping = false
  const callOnce = async () => {
    const answer = await call()
    const { length } = await answer.text()
    return `${answer.status}${length === 0 ? ' and nothing' : ''}`
  }
  const loops = turns.map(async (_, caller) => {
    while (!stopping) {
      turns[caller] = (turns[caller] ?? 0) + 1
      const outcome = await callOnce().catch(String)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      await pause(pauseMs)
    }
  })
  return {
    outcomes,
    /** Waits until every call that is under way now is over. */
    async drained() {
      const before = [...turns]
      await eventually(() => turns.every((turn, caller) => turn > (before[caller] ?? 0))).toBe(true)
    },
    async stop() {
      stopping = true
      await Promise.all(loops)
    },
  }
}

/** A rotation from the request to the end of the old secret, as soon as the new one was seen. */
async function rotateToTheEnd(keyId: string, drained: () => Promise<void>): Promise<void> {
  const rotationId = await rotateKey(t.asRoot, keyId)
  await waitForRotation(t.asRoot, rotationId, { firstUsedAt: expect.any(String) })
  await drained()
  await endGrace(t.asRoot, rotationId)
}

interface Kind {
  name: string
  call: (secret: RotatingSecret, url: string) => Promise<Response>
  /** The old secret goes on to work until no call with it is under way, as in any grace that is longer than a call. */
  waits: boolean
}
const kinds: Kind[] = [
  { name: 'secret.fetch', call: (secret, url) => secret.fetch(url), waits: false },
  {
    name: 'a fetch of its own',
    call: (secret, url) => fetch(url, { headers: { authorization: `Bearer ${secret.current()}` } }),
    waits: true,
  },
]

it.each(kinds)(
  'a service and who calls it by $name see no failure in many rotations',
  async ({ call, waits }) => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const own = await startHolder(['keys:validate', 'usage:write'], onError)
    const caller = await startHolder([], onError)
    const client = createClient({ url: t.api.url ?? '', apiKey: own.current, cache: { ttlMs: 0 } })
    const usage = createUsageReporter({ client, flushEveryMs: 20, onError })
    const service = await startHono({ client, usage, onError })

    const calls = callAllTheTime(() => call(caller, `${service.url}/hello`))
    const drained = waits ? calls.drained : async () => undefined
    for (let n = 1; n <= rotations; n += 1) {
      const ownToo = n % ownEvery === 0 ? rotateToTheEnd(own.id, drained) : undefined
      await Promise.all([rotateToTheEnd(caller.id, drained), ownToo])
    }
    await calls.stop()
    await service.close()
    await usage.close()
    await Promise.all([own.stop(), caller.stop()])

    expect(errors).toEqual([])
    expect([...calls.outcomes.keys()]).toEqual(['200'])
    expect(caller.versions).toEqual(Array.from({ length: rotations }, (_, index) => index + 2))
    expect(own.versions).toHaveLength(Math.floor(rotations / ownEvery))
    expect([usage.pending(), usage.dropped()]).toEqual([0, 0])
    expect(calls.outcomes.get('200')).toBeGreaterThan(rotations)
  },
  Math.max(600_000, rotations * 30_000),
)
