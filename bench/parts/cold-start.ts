import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../harness/median.ts'
import { programFile, startProgram } from '../harness/process.ts'
import type { Part, Round } from '../part.ts'

const bare = fileURLToPath(new URL('../peers/bare-hono.ts', import.meta.url))

/** Starts a program, ends it, and gives how long it took from the spawn to its message that it is ready, ms. */
async function startOnce(file: string, env: Record<string, string>): Promise<number> {
  const began = performance.now()
  const running = await startProgram(file, { env, place: 'subject' })
  const took = performance.now() - began
  await running.stop()
  return took
}

export const coldStart: Part = {
  name: 'cold-start',
  title: 'start one api process until it is ready, against a bare Hono app',
  async run(bench) {
    const installation = await (await bench.stores()).createInstallation()
    const compileCache = await mkdtemp(join(tmpdir(), 'momentry-bench-cache-'))
    // As the launcher has it; the other one gets the same.
    const cached = { NODE_COMPILE_CACHE: compileCache }
    const subject = () => startOnce(programFile('api'), { ...installation.env, ...cached })
    const reference = () => startOnce(bare, cached)
    const startsPerRound = bench.smoke ? 1 : 10
    const rounds: Round[] = []
    try {
      // The first starts fill the cache of compiled code.
      await subject()
      await reference()
      for (let round = 1; round <= bench.rounds; round += 1) {
        const took: { subject: number[]; reference: number[] } = { subject: [], reference: [] }
        for (let start = 0; start < startsPerRound; start += 1) {
          took.reference.push(await reference())
          took.subject.push(await subject())
        }
        const figures = { subject: median(took.subject), reference: median(took.reference) }
        rounds.push(figures)
        bench.say(`  round ${round}: ${Math.round(figures.subject)} ms against ${Math.round(figures.reference)} ms`)
      }
      return [
        {
          ...{ name: 'cold-start', work: 'start of one api process until it is ready, stores running' },
          ...{ reference: 'bare Hono app with one route', unit: 'ms', goal: { atMost: 3 }, rounds },
          note: `each round is the median of ${startsPerRound} starts of either, in turn, both with a warm compile cache`,
        },
      ]
    } finally {
      await rm(compileCache, { recursive: true, force: true })
      await installation.close()
    }
  },
}
