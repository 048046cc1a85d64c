import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { showBalance } from './balance.ts'
import { runFaults } from './run.ts'

const seed = Number(process.env['FAULT_SEED'] ?? randomInt(1_000_000_000))

/** The short form of `npm run test:faults`: some faults, and the books. */
it('whatever breaks, the books balance', async () => {
  const story: string[] = []
  const { lines, unclean } = await runFaults({
    seed,
    goOn: (faults) => faults < 6,
    pauseMs: [200, 800],
    keys: 12,
    say: (text) => story.push(text),
  })
  const told = `seed ${seed} (FAULT_SEED=${seed} repeats it)\n${story.join('\n')}\n${showBalance(lines)}`
  expect(
    lines.filter(({ expected, found }) => expected !== found),
    told,
  ).toEqual([])
  expect(unclean, told).toEqual([])
}, 180_000)
