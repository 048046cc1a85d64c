import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../cli/support/run-cli.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'
import { bruteForce } from './brute-force.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const log = join(root, '../shared/data/access.log.gz')
if (!existsSync(log)) console.warn('the real access log is not beside this checkout: its tests are skipped')

/** The whole way on real input, with worker and alerter killed in the middle: DESIGN.md section 4. */
describe.skipIf(!existsSync(log))('import of a real access log', () => {
  let stores: TestStores
  let bench: Workbench
  let api: TestProcess
  let worker: TestProcess
  let alerter: TestProcess
  let cliEnv: Record<string, string>

  beforeAll(async () => {
    stores = await createTestStores()
    bench = await createWorkbench(stores.env)
    ;[api, worker, alerter] = await Promise.all([
      startProcess('api', stores.env),
      startProcess('worker', stores.env),
      startProcess('alerter', stores.env),
    ])
    const { key } = await createBootstrapKey(stores.databaseUrl)
    cliEnv = {
      MOMENTRY_URL: api.url ?? '',
      MOMENTRY_API_KEY: key,
      MOMENTRY_DATA_DIR: mkdtempSync(join(tmpdir(), 'momentry-import-')),
    }
  })

  afterAll(async () => {
    await Promise.all([api, worker, alerter].map((process) => process.stop()))
    await bench.close()
    await stores.close()
    rmSync(cliEnv['MOMENTRY_DATA_DIR'] ?? '', { recursive: true, force: true })
  })

  const runImport = async () => {
    const args = ['usage', 'import', log, '--key-by', 'user-agent', '--batch', '200']
    const { code, stdout, stderr } = await runCli(args, cliEnv)
    return { code, output: stdout + stderr }
  }

  const found = async () => {
    const { rows } = await bench.postgres.pool.query(
      'SELECT DISTINCT k.name, a.rule FROM api_key_anomalies a JOIN api_keys k ON k.id = a.key_id',
    )
    return rows.map(({ name, rule }) => `${name} ${rule}`).sort()
  }

  it('finds exactly what brute force finds, though worker and alerter are killed meanwhile', async () => {
    const truth = bruteForce(readFileSync(log))
    expect(truth.readable).toBe(9999)

    const importing = runImport()
    await untilHolds(async () => expect(await bench.redis.keys(`${stores.prefix}:window:*`)).not.toHaveLength(0))
    worker.kill('SIGKILL')
    alerter.kill('SIGKILL')
    await Promise.all([worker.exited, alerter.exited])
    ;[worker, alerter] = await Promise.all([startProcess('worker', stores.env), startProcess('alerter', stores.env)])
    const { code, output } = await importing
    expect(output).toContain('8899')
    expect(code).toBe(0)

    await untilHolds(async () => expect(await bench.backlog()).toBe(0))
    await untilHolds(async () => expect(await found()).toEqual(truth.found))
    expect(await bench.totals()).toMatchObject({ requests: truth.readable })
    const rows = (await bench.anomalies()).map(({ id }) => id).sort()
    await untilHolds(() => expect([...new Set(bench.alerts.map(({ data }) => data.id))].sort()).toEqual(rows))
  })

  it('counts nothing a second time when it is run again', async () => {
    const before = await bench.totals()
    const { code, output } = await runImport()
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('already imported') })
    // Without its own record of progress, the Idempotency-Key of each batch says the same.
    rmSync(join(cliEnv['MOMENTRY_DATA_DIR'] ?? '', 'imports'), { recursive: true })
    expect(await runImport()).toMatchObject({ code: 0 })
    await untilHolds(async () => expect(await bench.backlog()).toBe(0))
    expect(await bench.totals()).toEqual(before)
  })
})
