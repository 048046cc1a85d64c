import { expect, it } from 'vitest'
import { startProcess } from '../support/processes/processes.ts'
import { createTestStores } from '../support/stores.ts'

it.each(['worker', 'alerter', 'api'] as const)(
  'a %s with another number of partitions than its fellows does not start',
  async (app) => {
    const stores = await createTestStores()
    const fellow = await startProcess('worker', stores.env)
    const start = startProcess(app, { ...stores.env, USAGE_PARTITIONS: '4' })
    await expect(start).rejects.toThrow(`momentry ${app}: USAGE_PARTITIONS: is 4 here and 8 in the processes`)
    await fellow.stop()
    await stores.close()
  },
)
