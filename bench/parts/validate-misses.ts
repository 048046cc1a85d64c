import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { expectValid } from '../harness/expect-valid.ts'
import { insertKeys } from '../harness/keys.ts'
import { programFile, startProgram } from '../harness/process.ts'
import { alternate } from '../harness/rounds.ts'
import { post } from '../harness/wrk.ts'
import type { Part } from '../part.ts'

const peer = fileURLToPath(new URL('../peers/select-by-hash.ts', import.meta.url))
const answerSchema = z.object({ perSecond: z.number().positive() })

export const validateMisses: Part = {
  name: 'validate-misses',
  title: 'validate ten times as many keys as the cache holds, against selects by hash',
  async run(bench) {
    const { keys, capacity } = bench.smoke ? { keys: 1_000, capacity: 100 } : { keys: 100_000, capacity: 10_000 }
    const installation = await (await bench.stores()).createInstallation()
    const { databaseUrl, env } = installation
    const bodies = (await insertKeys(databaseUrl, keys)).map(({ secret }) => JSON.stringify({ key: secret }))
    const api = await startProgram(programFile('api'), {
      env: { ...env, CACHE_MAX_CAPACITY: String(capacity) },
      place: 'subject',
    })
    const selects = await startProgram(peer, { env: { DATABASE_URL: databaseUrl }, place: 'subject' })
    const shares: number[] = []
    const url = `${api.url}/v1/keys/validate`
    const subject = async () => {
      const result = await post(url, { bodies, seconds: bench.seconds })
      shares.push(result.clientShare)
      return result.requestsPerSecond
    }
    const reference = async () => {
      const answer = await fetch(`${selects.url}/?seconds=${bench.seconds}`)
      return answerSchema.parse(await answer.json()).perSecond
    }
    try {
      await expectValid(url, bodies[0])
      if (!bench.smoke) {
        await subject()
        await reference()
      }
      const rounds = await alternate(bench, { subject, reference })
      await expectValid(url, bodies.at(-1))
      return [
        {
          name: 'validate-misses',
          work: `validate over ${keys} distinct keys in turn, capacity ${capacity}`,
          reference: 'the named prepared select by hash through `pg`, one by one, 10 in flight',
          unit: 'requests/s',
          goal: { atLeast: 1.5 },
          rounds,
          note: `wrk used at most ${Math.round(Math.max(...shares) * 100)} % of its core, beside PostgreSQL.`,
        },
      ]
    } finally {
      await Promise.all([api.stop(), selects.stop()])
      await installation.close()
    }
  },
}
