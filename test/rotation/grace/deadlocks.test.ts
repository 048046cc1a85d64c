import { randomBytes } from 'node:crypto'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestStores, type TestStores } from '../../support/stores.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { beginLife, type Step } from './life.ts'

let stores: TestStores
let bench: Workbench
beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
})
afterAll(async () => {
  await bench.close()
  await stores.close()
})

const steps: Step[] = [
  { do: 'execute', place: 1 },
  { do: 'late-use', place: 0 },
  { do: 'set-grace', place: 0, graceSeconds: 60 },
  { do: 'claim', place: 0 },
  { do: 'fetch', place: 0 },
  { do: 'enable', to: false },
]

it('what is done to one key at once never makes two wait for each other', async () => {
  const seal = createSeal([randomBytes(32).toString('base64')])
  for (let round = 0; round < 24; round += 1) {
    const life = await beginLife({ postgres: bench.postgres, seal }, { type: 'service', name: 'busy' })
    await life.take({ do: 'rotate', kind: 'manual', graceSeconds: undefined })
    await life.take({ do: 'request', kind: 'forced', graceSeconds: undefined })
    const first = round % steps.length
    // A refusal is no failure here, a deadlock is.
    await Promise.all([...steps.slice(first), ...steps.slice(0, first)].map(life.take))
    const { secrets, rotations } = await life.read()
    expect(secrets.map(({ version, supersededAt }) => [version, supersededAt === null])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ])
    expect(rotations.map(({ state }) => state)).toEqual(['completed', 'completed'])
  }
})
