import { hash } from 'node:crypto'
import { insertKeys } from '../harness/keys.ts'
import { insertManyKeys } from '../harness/many-keys.ts'
import { median } from '../harness/median.ts'
import { programFile, type Running, startProgram } from '../harness/process.ts'
import { alternate } from '../harness/rounds.ts'
import type { Installation, Stores } from '../harness/stores.ts'
import { post } from '../harness/wrk.ts'
import type { Bench, Part, Round, Row } from '../part.ts'

/** An installation with so many keys, and its api. */
interface Filled {
  installation: Installation
  api: Running
  /** A body for each of its known secrets. */
  bodies: string[]
  authorization: string
}

async function fill(stores: Stores, total: number, known: number): Promise<Filled> {
  const installation = await stores.createInstallation()
  const secrets = await insertManyKeys(installation.databaseUrl, { total, known })
  const [admin] = await insertKeys(installation.databaseUrl, 1, { type: 'system', scopes: ['*'] })
  // So few that each request is a miss: the secrets are asked about in turn.
  const env = { ...installation.env, CACHE_MAX_CAPACITY: '100' }
  const api = await startProgram(programFile('api'), { env, place: 'subject' })
  return {
    installation,
    api,
    bodies: secrets.map((key) => JSON.stringify({ key })),
    authorization: `Bearer ${admin?.secret}`,
  }
}

/** Of what is rare, pages that a thousand keys fill as well. */
const lists = [
  '',
  '?limit=200',
  '?type=service',
  '?status=active',
  '?limit=5&status=revoked',
  '?limit=5&status=disabled',
  '?limit=5&status=expired',
  '?limit=5&owner=team-7',
  '?limit=5&owner=team-7&status=active',
  '?sort=name',
  '?sort=lastUsedAt',
  '?type=user&sort=lastUsedAt',
]
/** As `harness/many-keys.ts` names a key. */
const lastWordOf = (n: number) => hash('md5', String(n)).slice(0, 8)
/** As many hits in both installations, or more than a page in both. */
/** A multiple of 7, and there in smoke as well. */
const namedBerlin = 77
const searches = [
  '?text=payments',
  '?text=of%20Berlin',
  `?text=Berlin%20${lastWordOf(namedBerlin)}`,
  '?text=nothing',
  '?text=Oslo&status=active',
]
const askedPerRound = 15

/** How long one page takes, ms, asked one after the other; the median. */
async function timePage({ api, authorization }: Filled, query: string, times: number): Promise<number> {
  const took: number[] = []
  for (let time = 0; time < times; time += 1) {
    const began = performance.now()
    const answer = await fetch(`${api.url}/v1/keys${query}`, { headers: { authorization } })
    await answer.arrayBuffer()
    took.push(performance.now() - began)
    if (answer.status !== 200) throw new Error(`${query} was answered ${answer.status}`)
  }
  return median(took)
}

/** Rounds of milliseconds are not worth a line each. */
const quiet = (bench: Bench) => ({ ...bench, say: () => undefined })

const ratioOf = (rounds: readonly Round[]) => median(rounds.map(({ subject, reference = 1 }) => subject / reference))

/** Times each query in both, and gives the one that the growth slows down most. */
async function comparePages(bench: Bench, few: Filled, many: Filled, queries: readonly string[]) {
  const times = bench.smoke ? 1 : askedPerRound
  const compared: { query: string; rounds: Round[] }[] = []
  for (const query of queries) {
    const measure = (of: Filled) => () => timePage(of, query, times)
    await measure(few)()
    await measure(many)()
    const rounds = await alternate(quiet(bench), { subject: measure(many), reference: measure(few) })
    bench.say(`  ${query || '(first page)'}: ${ratioOf(rounds).toFixed(2)} times as long`)
    compared.push({ query, rounds })
  }
  const [worst] = compared.toSorted((a, b) => ratioOf(b.rounds) - ratioOf(a.rounds))
  if (worst === undefined) throw new Error('nothing was asked')
  const all = compared.map(({ query, rounds }) => `${query || 'the first page'} ${ratioOf(rounds).toFixed(2)}`)
  return { rounds: worst.rounds, note: `of all queries the one that grew most; all of them: ${all.join(', ')}` }
}

export const growthKeys: Part = {
  name: 'growth-keys',
  title: 'validate (misses), list and search keys with a million of them, against a thousand',
  async run(bench) {
    const stores = await bench.stores()
    const [thousand, million] = bench.smoke ? [200, 4_000] : [1_000, 1_000_000]
    const filled: Filled[] = []
    try {
      for (const [total, known] of [
        [thousand, thousand / 2],
        [million, Math.min(million / 2, 20_000)],
      ] as const) {
        const began = performance.now()
        filled.push(await fill(stores, total, known))
        bench.say(`  ${total} keys are there after ${Math.round((performance.now() - began) / 1000)} s`)
      }
      const [few, many] = filled
      if (!few || !many) throw new Error('there are no two installations')
      const measure =
        ({ api, bodies }: Filled) =>
        async () => {
          const url = `${api.url}/v1/keys/validate`
          const { requestsPerSecond } = await post(url, { bodies, seconds: bench.seconds })
          return 1_000 / requestsPerSecond
        }
      await measure(few)()
      await measure(many)()
      const validate = await alternate(quiet(bench), { subject: measure(many), reference: measure(few) })
      bench.say(`  validate, misses: ${ratioOf(validate).toFixed(2)} times as long`)
      const list = await comparePages(bench, few, many, lists)
      const search = await comparePages(bench, few, many, searches)
      const reference = 'the same with 1,000 keys'
      const common = { reference, unit: 'ms' } as const
      const rows: Row[] = [
        {
          ...{ name: 'growth-validate', work: 'validate, misses alone, 1,000,000 keys, per request' },
          ...{ ...common, goal: { atMost: 1.3 }, rounds: validate },
        },
        { name: 'growth-list', work: 'GET /v1/keys, 1,000,000 keys', ...common, goal: { atMost: 2 }, ...list },
        {
          name: 'growth-search',
          work: 'GET /v1/keys?text=…, 1,000,000 keys',
          ...common,
          goal: { atMost: 2 },
          ...search,
        },
      ]
      return rows
    } finally {
      await Promise.all(filled.map(({ api }) => api.stop()))
      await Promise.all(filled.map(({ installation }) => installation.close()))
    }
  },
}
