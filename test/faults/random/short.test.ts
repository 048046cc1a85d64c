import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { printSheet } from './books/sheet.ts'
import { runFaults } from './run.ts'
import { openSharedStores } from './system/stores.ts'

/** So few that the whole takes some 20 s. */
const rounds = 8

/** The short form of `npm run test:faults` (docs/faults.md): other faults at each run, and the seed with what fails. */
it('keeps its books balanced while things break', async () => {
  const seed = Number(process.env['FAULT_SEED'] ?? randomInt(1_000_000))
  const stores = await openSharedStores()
  const told: string[] = []
  try {
    const sheet = await runFaults({
      ...{ seed, stores, say: (line) => told.push(line) },
      isEnough: (done) => done.rounds >= rounds,
      ...{ longestFaultMs: 1_500, calmMs: 200 },
      ...{ reporters: 2, keysPerReporter: 3, holders: 2 },
    })
    const unbalanced = sheet.lines.filter(({ balanced }) => !balanced)
    const account = `seed ${seed}; again: npm run test:faults -- --short --seed ${seed}`
    expect(unbalanced, `${told.join('\n')}\n${printSheet(sheet)}\n${account}`).toEqual([])
  } finally {
    await stores.close()
  }
})
