import { fileURLToPath } from 'node:url'
import { insertKeys } from '../harness/keys.ts'
import { programFile, startProgram } from '../harness/process.ts'
import { alternate } from '../harness/rounds.ts'
import { type LoadResult, post } from '../harness/wrk.ts'
import type { Part } from '../part.ts'

const bare = fileURLToPath(new URL('../peers/bare-http.ts', import.meta.url))
const warmUpRounds = 4
/** What Node writes by itself, in both servers. */
const byNode = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding'])

/** Asks once, to learn what the other server has to answer. */
async function answerOf(url: string, body: string): Promise<{ headers: Record<string, string>; body: string }> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !byNode.has(name)))
  const text = await answer.text()
  if (!text.includes('"VALID"')) throw new Error(`the key is not valid: ${text}`)
  return { headers, body: text }
}

export const validateCached: Part = {
  name: 'validate-cached',
  title: 'validate a cached key, with its usage event recorded to Redis, against bare node:http',
  async run(bench) {
    const installation = await (await bench.stores()).createInstallation()
    const [key] = await insertKeys(installation.databaseUrl, 1)
    const bodies = [JSON.stringify({ key: key?.secret })]
    const api = await startProgram(programFile('api'), { env: installation.env, place: 'subject' })
    const url = `${api.url}/v1/keys/validate`
    const answer = JSON.stringify(await answerOf(url, bodies[0] ?? ''))
    const floor = await startProgram(bare, { env: { BENCH_ANSWER: answer }, place: 'subject' })
    const seen: { subject: LoadResult[]; reference: LoadResult[] } = { subject: [], reference: [] }
    const measure = (at: string, into: LoadResult[]) => async () => {
      const result = await post(at, { bodies, seconds: bench.seconds })
      into.push(result)
      return result.requestsPerSecond
    }
    try {
      if (!bench.smoke) {
        // On one core, where its compiler works as well, Node takes some seconds to make much code fast.
        for (let round = 1; round <= warmUpRounds; round += 1) await measure(url, [])()
        await measure(floor.url, [])()
      }
      const rounds = await alternate(bench, {
        subject: measure(url, seen.subject),
        reference: measure(floor.url, seen.reference),
      })
      const share = Math.max(...seen.reference.map(({ clientShare }) => clientShare))
      const reference = 'bare `node:http` answering the same bytes'
      return [
        {
          ...{ name: 'validate-cached', work: 'validate, cached key, usage event recorded, one process', reference },
          ...{ unit: 'requests/s', goal: { atLeast: 0.7 }, rounds },
          note: `wrk used at most ${Math.round(share * 100)} % of its core`,
        },
        {
          ...{ name: 'validate-cached-p99', work: 'the same, p99', reference, unit: 'ms', goal: { atMost: 1.5 } },
          rounds: seen.subject.map(({ p99Ms }, round) => ({ subject: p99Ms, reference: seen.reference[round]?.p99Ms })),
        },
      ]
    } finally {
      await Promise.all([api.stop(), floor.stop()])
      await installation.close()
    }
  },
}
