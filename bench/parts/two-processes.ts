import { cpuSeconds } from '../harness/cpu-seconds.ts'
import { expectValid } from '../harness/expect-valid.ts'
import { insertKeys } from '../harness/keys.ts'
import { median } from '../harness/median.ts'
import type { Place } from '../harness/pin.ts'
import { programFile, type Running, startProgram } from '../harness/process.ts'
import { alternate } from '../harness/rounds.ts'
import { post } from '../harness/wrk.ts'
import type { Bench, Part } from '../part.ts'

/** Each core has one process and the wrk that loads it, so that a process has as much of its core alone as beside the other. */
const places = ['subject', 'load'] as const

type Api = Running & { place: Place }

interface Run {
  /** By the clock. */
  requestsPerSecond: number
  requests: number
  /** Processor time of the processes, all their threads, seconds. */
  cpuSeconds: number
}

/** Loads processes at the same time. */
async function load(bench: Bench, apis: readonly Api[], bodies: string[]): Promise<Run> {
  const used = () => apis.reduce((sum, { pid }) => sum + (cpuSeconds(pid) ?? 0), 0)
  const before = used()
  const options = { bodies, seconds: bench.seconds }
  const results = await Promise.all(apis.map(({ url, place }) => post(url, { ...options, place })))
  const requestsPerSecond = results.reduce((sum, result) => sum + result.requestsPerSecond, 0)
  return { requestsPerSecond, requests: requestsPerSecond * bench.seconds, cpuSeconds: used() - before }
}

/** Loads each by itself, one after the other, since the cores are not alike: Redis is on the second. */
async function loadAlone(bench: Bench, apis: readonly Api[], bodies: string[]): Promise<Run> {
  const runs: Run[] = []
  for (const api of apis) runs.push(await load(bench, [api], bodies))
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0)
  return {
    requestsPerSecond: sum((run) => run.requestsPerSecond) / runs.length,
    requests: sum((run) => run.requests),
    cpuSeconds: sum((run) => run.cpuSeconds),
  }
}

export const twoProcesses: Part = {
  name: 'two-processes',
  title: 'two api processes on two cores, against one',
  async run(bench) {
    const installation = await (await bench.stores()).createInstallation()
    const bodies = (await insertKeys(installation.databaseUrl, bench.smoke ? 5 : 1_000)).map(({ secret }) =>
      // Uses are not recorded: Redis has no core of its own here, and where it falls behind, caches are dropped.
      JSON.stringify({ key: secret, recordUsage: false }),
    )
    const apis: Api[] = []
    try {
      for (const place of places) {
        const api = await startProgram(programFile('api'), { env: installation.env, place })
        apis.push({ ...api, url: `${api.url}/v1/keys/validate`, place })
      }
      const seen: { subject: Run[]; reference: Run[] } = { subject: [], reference: [] }
      const measure = (run: typeof load, into: Run[]) => async () => {
        const result = await run(bench, apis, bodies)
        into.push(result)
        return result.requestsPerSecond
      }
      for (const { url } of apis) await expectValid(url, bodies[0])
      if (!bench.smoke) await load(bench, apis, bodies)
      const rounds = await alternate(bench, {
        subject: measure(load, seen.subject),
        reference: measure(loadAlone, seen.reference),
      })
      const cost = ({ cpuSeconds, requests }: Run) => cpuSeconds / requests
      const costs = median(seen.subject.map(cost)) / median(seen.reference.map(cost))
      return [
        {
          name: 'two-processes',
          work: 'validate, cached keys, 2 api processes on 2 cores',
          reference: '1 process, on each of the cores in turn',
          unit: 'requests/s',
          goal: { atLeast: 1.8 },
          rounds,
          note:
            'On two cores a load beside them would leave the second process no core, so each process shares its core with the ' +
            'wrk that loads it, in both runs alike, and the stores have what is left of the second core. Beside the other one a ' +
            `request costs a process ${costs.toFixed(2)} times the processor time that it costs alone.`,
        },
      ]
    } finally {
      await Promise.all(apis.map((api) => api.stop()))
      await installation.close()
    }
  },
}
