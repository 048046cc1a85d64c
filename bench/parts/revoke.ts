import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type BenchKey, insertKeys } from '../harness/keys.ts'
import { percentile } from '../harness/percentile.ts'
import { programFile, startProgram } from '../harness/process.ts'
import { post } from '../harness/wrk.ts'
import type { Bench, Part, Round } from '../part.ts'

const processes = 3
const connectionsEach = 1
/** Keys that services ask about all the time. */
const busyKeys = 100
/** Refusals in a row that end the watch on one process: none after the first may say VALID again. */
const refusalsWanted = 3
const everyMs = 20
const verdictSchema = z.looseObject({ code: z.string() })

async function verdictOf(api: string, secret: string): Promise<string> {
  const answer = await fetch(`${api}/v1/keys/validate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key: secret }),
  })
  return verdictSchema.parse(await answer.json()).code
}

/** Asks one process again and again. @returns when it first refused for good; @throws where it says VALID after that */
async function watchRefusal(api: string, { secret }: BenchKey): Promise<number> {
  let refusedAt: number | undefined
  for (let refusals = 0; refusals < refusalsWanted; ) {
    // Else those who look would be most of the load.
    await delay(1)
    const code = await verdictOf(api, secret)
    if (code === 'REVOKED') {
      refusedAt ??= performance.now()
      refusals += 1
    } else if (code !== 'VALID' || refusedAt !== undefined) {
      throw new Error(`a key that was revoked was ${code}${refusedAt === undefined ? '' : ' after it was refused'}`)
    }
  }
  return refusedAt ?? Number.NaN
}

/** Revokes a key that all processes have in their caches. @returns ms from the sending of that to the last first refusal */
async function revoke(apis: readonly string[], key: BenchKey, admin: BenchKey): Promise<number> {
  for (const code of await Promise.all(apis.map((api) => verdictOf(api, key.secret))))
    if (code !== 'VALID') throw new Error(`a key is ${code} before it is revoked`)
  const sentAt = performance.now()
  const watching = apis.map((api) => watchRefusal(api, key))
  const answer = await fetch(`${apis[0]}/v1/keys/${key.id}/revoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.secret}` },
    body: JSON.stringify({ reason: 'measured' }),
  })
  if (answer.status !== 200) throw new Error(`a key could not be revoked: ${await answer.text()}`)
  return Math.max(...(await Promise.all(watching))) - sentAt
}

/** Revokes one key after the other, as many as there is time for. */
async function measure(
  apis: readonly string[],
  { victims, admin }: { victims: readonly BenchKey[]; admin: BenchKey },
  seconds: number,
): Promise<number[]> {
  const until = performance.now() + seconds * 1000
  const took: number[] = []
  for (const key of victims) {
    if (took.length > 0 && performance.now() > until) break
    took.push(await revoke(apis, key, admin))
    await delay(everyMs)
  }
  return took
}

/** One key after the other is revoked while all processes validate others. */
export const revokePart: Part = {
  name: 'revoke',
  title: 'from the request that revokes a key to the last of three api processes that still took it, under load',
  async run(bench: Bench) {
    const installation = await (await bench.stores()).createInstallation()
    const { databaseUrl, env } = installation
    const started = await Promise.all(
      Array.from({ length: processes }, () => startProgram(programFile('api'), { env, place: 'anywhere' })),
    )
    const apis = started.map(({ url }) => url)
    try {
      const [admin] = await insertKeys(databaseUrl, 1, { type: 'system', scopes: ['*'] })
      if (!admin) throw new Error('there is no key to revoke with')
      const bodies = (await insertKeys(databaseUrl, busyKeys)).map(({ secret }) => JSON.stringify({ key: secret }))
      const rounds: Round[] = []
      // The first is the warm-up, and is not kept.
      for (let round = bench.smoke ? 1 : 0; round <= bench.rounds; round += 1) {
        const victims = await insertKeys(databaseUrl, Math.ceil((1000 * bench.seconds) / everyMs))
        const loads = apis.map((api) =>
          post(`${api}/v1/keys/validate`, { bodies, seconds: bench.seconds + 1, connections: connectionsEach }),
        )
        const took = await measure(apis, { victims, admin }, bench.seconds)
        const rate = (await Promise.all(loads)).reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0)
        if (round > 0) rounds.push({ subject: percentile(took, 0.99) })
        bench.say(
          `  ${round === 0 ? 'warm-up' : `round ${round}`}: ${took.length} keys, p50 ${percentile(took, 0.5).toFixed(0)} ms, p99 ${percentile(took, 0.99).toFixed(0)} ms, beside ${Math.round(rate)} validations/s`,
        )
      }
      return [
        {
          ...{
            name: 'revoke',
            work: 'revoke to refused on 3 api processes under load, p99',
            reference: '—',
            unit: 'ms',
          },
          ...{ goal: { atMost: 100 }, rounds },
          note: `from the sending of the request to the first refusal of the process that refused last; each process is asked over a connection of its own as fast as it answers, on two cores with the stores and the load`,
        },
      ]
    } finally {
      await Promise.all(started.map((api) => api.stop()))
      await installation.close()
    }
  },
}
