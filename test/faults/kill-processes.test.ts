import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoLoad, makeDemoLoad } from '../support/demo-load.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

/*
 * DESIGN.md section 4: a usage event that was answered is counted exactly once, and an anomaly becomes exactly one row
 * and at least one message, whatever process dies. Days of traffic are sent while worker and alerter are killed again
 * and again; what comes out must be what was planted, and what is summed must be what was sent.
 */
describe('kill -9 of worker and alerter under load', () => {
  let stores: TestStores
  let bench: Workbench
  let load: DemoLoad
  const processes = new Map<'worker' | 'alerter', TestProcess[]>()

  const start = async (app: 'worker' | 'alerter') => {
    const process = await startProcess(app, stores.env)
    processes.set(app, [...(processes.get(app) ?? []), process])
  }
  const killOldest = async (app: 'worker' | 'alerter') => {
    const [oldest, ...rest] = processes.get(app) ?? []
    processes.set(app, rest)
    oldest?.kill('SIGKILL')
    await oldest?.exited
  }

  beforeAll(async () => {
    stores = await createTestStores()
    bench = await createWorkbench(stores.env)
    load = await makeDemoLoad(bench, 7)
    await Promise.all([start('worker'), start('worker'), start('alerter'), start('alerter')])
  })

  afterAll(async () => {
    await Promise.all([...processes.values()].flat().map((process) => process.stop()))
    await bench.close()
    await stores.close()
  })

  it('loses nothing, counts nothing twice, and finds exactly what was planted', async () => {
    const quarter = Math.ceil(load.batches.length / 4)
    for (const [index, batch] of load.batches.entries()) {
      await bench.append(`load ${index}`, batch, 300)
      if (index % quarter !== quarter - 1) continue
      await Promise.all([killOldest('worker'), killOldest('alerter')])
      await Promise.all([start('worker'), start('alerter')])
    }
    await untilHolds(async () => expect(await bench.backlog()).toBe(0))

    expect(await bench.totals()).toEqual({ requests: load.events, errors: load.errors })
    const found = async () => (await bench.anomalies()).map(({ keyId, rule }) => `${keyId} ${rule}`).sort()
    await untilHolds(async () => expect(await found()).toEqual(load.planted))
    const rows = (await bench.anomalies()).map(({ id }) => id).sort()
    await untilHolds(() => expect([...new Set(bench.alerts.map(({ data }) => data.id))].sort()).toEqual(rows))
  })
})
