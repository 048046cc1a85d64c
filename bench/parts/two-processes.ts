import { cpuSeconds } from '../harness/cpu-seconds.ts'
import { expectValid } from '../harness/expect-valid.ts'
import { insertKeys } from '../harness/keys.ts'
import { median } from '../harness/median.ts'
import { programFile, type Running, startProgram } from '../harness/process.ts'
import { alternate } from '../harness/rounds.ts'
import { post } from '../harness/wrk.ts'
import type { Bench, Part } from '../part.ts'

/** Each core has one process and the wrk that loads it, so that a process has the same share of its core in both runs. */
const places = ['subject', 'load'] as const

interface Run {
  /** By the clock, of all processes together. */
  requestsPerSecond: number
  /** What a process does with a second of processor time of its own, times how many there are. */
  capacity: number
}

async function run(bench: Bench, apis: readonly Running[], bodies: string[]): Promise<Run> {
  const used = () => apis.reduce((sum, { pid }) => sum + (cpuSeconds(pid) ?? 0), 0)
  const before = used()
  const results = await Promise.all(
    apis.map(({ url }, n) => post(url, { bodies, seconds: bench.seconds, place: places[n] ?? 'load' })),
  )
  const requestsPerSecond = results.reduce((sum, result) => sum + result.requestsPerSecond, 0)
  const secondsOfEach = (used() - before) / apis.length
  return { requestsPerSecond, capacity: (requestsPerSecond * bench.seconds) / secondsOfEach }
}

export const twoProcesses: Part = {
  name: 'two-processes',
  title: 'two api processes on two cores, against one',
  async run(bench) {
    const installation = await (await bench.stores()).createInstallation()
    const bodies = (await insertKeys(installation.databaseUrl, bench.smoke ? 5 : 1_000)).map(({ secret }) =>
      JSON.stringify({ key: secret }),
    )
    const apis: Running[] = []
    try {
      for (const place of places) {
        const api = await startProgram(programFile('api'), { env: installation.env, place })
        apis.push({ ...api, url: `${api.url}/v1/keys/validate` })
      }
      const seen: { subject: Run[]; reference: Run[] } = { subject: [], reference: [] }
      const measure = (of: readonly Running[], into: Run[]) => async () => {
        const result = await run(bench, of, bodies)
        into.push(result)
        return result.capacity
      }
      for (const { url } of apis) await expectValid(url, bodies[0])
      if (!bench.smoke) await measure(apis, [])()
      const rounds = await alternate(bench, {
        subject: measure(apis, seen.subject),
        reference: measure(apis.slice(0, 1), seen.reference),
      })
      const byClock = median(
        seen.subject.map(({ requestsPerSecond }, n) => requestsPerSecond / (seen.reference[n]?.requestsPerSecond ?? 1)),
      )
      return [
        {
          name: 'two-processes',
          work: 'validate, cached keys, 2 api processes on 2 cores',
          reference: '1 process',
          unit: 'requests/s',
          goal: { atLeast: 1.8 },
          rounds,
          note:
            'Load and stores need a part of the same two cores, so this is what the processes do with a second of processor ' +
            `time each, all their threads counted: it falls where one stands in another's way. By the clock it was ` +
            `${byClock.toFixed(2)}, each core with one process and the wrk that loads it, Redis beside the second.`,
        },
      ]
    } finally {
      await Promise.all(apis.map((api) => api.stop()))
      await installation.close()
    }
  },
}
