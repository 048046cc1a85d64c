import { expect, it } from 'vitest'
import { printSheet } from './books/sheet.ts'
import { runFaults } from './run.ts'
import { openOwnStores } from './system/stores.ts'

const minutes = Number(process.env['FAULT_MINUTES'])
const seed = Number(process.env['FAULT_SEED'])

/** To start, to work off what has piled up, and to draw up the sheet. */
const restMs = 600_000

it(
  `keeps its books balanced through ${minutes} minutes of faults with the seed ${seed}`,
  async () => {
    const stores = await openOwnStores()
    try {
      const sheet = await runFaults({
        ...{ seed, stores, say: (line) => console.log(line) },
        isEnough: ({ ms }) => ms >= minutes * 60_000,
        ...{ longestFaultMs: 8_000, calmMs: 2_000 },
        ...{ reporters: 3, keysPerReporter: 4, holders: 3 },
      })
      console.log(`\n${printSheet(sheet)}\n`)
      expect(sheet.lines.filter(({ balanced }) => !balanced)).toEqual([])
    } finally {
      await stores.close()
      console.log(`again: npm run test:faults -- --minutes ${minutes} --seed ${seed}`)
    }
  },
  minutes * 60_000 + restMs,
)
