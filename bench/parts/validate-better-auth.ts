import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { cpuSeconds } from '../harness/cpu-seconds.ts'
import { expectValid } from '../harness/expect-valid.ts'
import { insertKeys } from '../harness/keys.ts'
import { median } from '../harness/median.ts'
import { programFile, type Running, startProgram } from '../harness/process.ts'
import { alternate } from '../harness/rounds.ts'
import { post } from '../harness/wrk.ts'
import type { Bench, Part, Row } from '../part.ts'

const peer = fileURLToPath(new URL('../peers/better-auth.ts', import.meta.url))
const manifest = fileURLToPath(new URL('../../node_modules/better-auth/package.json', import.meta.url))
const keysSchema = z.array(z.string()).min(1)

type Storage = 'redis' | 'postgres'

const rowsOf: Record<Storage, { goal: number; setUp: string; note: string }> = {
  redis: {
    goal: 5,
    setUp: 'its best set-up with Redis',
    note: 'Its set-up: secondary storage in Redis alone, deferred updates, pipelines of a tick, no rate limit, 1,000 users with a key each.',
  },
  postgres: {
    goal: 20,
    setUp: 'with PostgreSQL, 1,000 keys',
    note: 'Its set-up: as it comes (a SELECT and two UPDATEs each), no rate limit, 1,000 users with a key each; PostgreSQL does not wait for the disk.',
  },
}

const toBodies = (keys: readonly string[]) => keys.map((key) => JSON.stringify({ key }))

const percent = (share: number) => `${Math.round(share * 100)} %`

async function measure(bench: Bench, storage: Storage, api: Running, bodies: string[]): Promise<Row> {
  const { goal, setUp, note } = rowsOf[storage]
  const installation = await (await bench.stores()).createInstallation()
  const { databaseUrl, redisUrl, prefix } = installation
  const other = await startProgram(peer, {
    env: {
      ...{ BENCH_STORAGE: storage, BENCH_KEYS: String(bodies.length), BENCH_PREFIX: prefix },
      ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl },
    },
    place: 'subject',
  })
  try {
    const subject = { url: `${api.url}/v1/keys/validate`, bodies }
    const keys = keysSchema.parse(await (await fetch(`${other.url}/keys`)).json())
    const reference = { url: `${other.url}/verify`, bodies: toBodies(keys) }
    const shares: number[] = []
    const clientShares: number[] = []
    const load = async ({ url, bodies }: typeof subject) => {
      const result = await post(url, { bodies, seconds: bench.seconds })
      clientShares.push(result.clientShare)
      return result.requestsPerSecond
    }
    for (const each of [subject, reference]) {
      await expectValid(each.url, each.bodies[0])
      if (!bench.smoke) await load(each)
    }
    const rounds = await alternate(bench, {
      subject: () => load(subject),
      async reference() {
        const before = cpuSeconds(other.pid) ?? 0
        const rate = await load(reference)
        shares.push(((cpuSeconds(other.pid) ?? 0) - before) / bench.seconds)
        return rate
      },
    })
    for (const each of [subject, reference]) await expectValid(each.url, each.bodies.at(-1))
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8')))
    return {
      name: `validate-better-auth-${storage}`,
      work: `validate, cached key, against better-auth with ${storage === 'redis' ? 'Redis' : 'PostgreSQL'}`,
      reference: `better-auth ${version}, its api-key plugin behind Hono, ${setUp}`,
      unit: 'requests/s',
      goal: { atLeast: goal },
      rounds,
      note: `${note} It used ${percent(median(shares))} of its core, and wrk at most ${percent(Math.max(...clientShares))} of the other one.`,
    }
  } finally {
    await other.stop()
    await installation.close()
  }
}

export const validateBetterAuth: Part = {
  name: 'validate-better-auth',
  title: "validate a cached key, against better-auth's api-key plugin with Redis and with PostgreSQL",
  async run(bench) {
    const count = bench.smoke ? 5 : 1_000
    const installation = await (await bench.stores()).createInstallation()
    const api = await startProgram(programFile('api'), { env: installation.env, place: 'subject' })
    try {
      const bodies = toBodies((await insertKeys(installation.databaseUrl, count)).map(({ secret }) => secret))
      return [await measure(bench, 'redis', api, bodies), await measure(bench, 'postgres', api, bodies)]
    } finally {
      await api.stop()
      await installation.close()
    }
  },
}
