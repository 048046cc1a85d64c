import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { showBalance } from './balance.ts'
import { runFaults } from './run.ts'

const minutes = Number(process.env['FAULT_MINUTES'] ?? 3)
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(1_000_000_000))
const ms = minutes * 60_000

it(
  `the books balance after ${minutes} minutes of faults`,
  async () => {
    const until = performance.now() + ms
    console.log(`seed ${seed}; to repeat it: npm run test:faults -- --minutes ${minutes} --seed ${seed}`)
    const outcome = await runFaults({
      seed,
      goOn: () => performance.now() < until,
      pauseMs: [500, 3_000],
      keys: 40,
      say: (text) => console.log(text),
    })
    const { lines, events, repeated, unclean } = outcome
    console.log(
      `\nseed ${seed}, ${minutes} min: ${events} events accepted, ${repeated} requests sent again\n${showBalance(lines)}`,
    )
    const wrong = lines.filter(({ expected, found }) => expected !== found)
    if (wrong.length + unclean.length > 0) {
      const file = join(tmpdir(), `momentry-faults-${seed}.log`)
      writeFileSync(file, outcome.output())
      console.log(`what the processes wrote: ${file}`)
    }
    expect([wrong, unclean]).toEqual([[], []])
  },
  ms + 600_000,
)
