import { recordFinding } from '@momentry/shared/anomalies/record.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tellAlert } from '../support/alerts.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'
import { callCli } from './support/call-cli.ts'
import { createInstallation, type Installation } from './support/installation.ts'
import { startCli } from './support/run-cli.ts'

let momentry: Installation
let bench: Workbench
beforeAll(async () => {
  momentry = await createInstallation()
  bench = await createWorkbench(momentry.stores.env)
})
afterAll(async () => {
  await bench.close()
  await momentry.close()
})

const run = (...args: string[]) => callCli(args, momentry.cliEnv)
const seqsOf = (text: string) => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).seq]))

it('anomaly watch goes over the death of the api and misses nothing, each alert once and in order', async () => {
  const before = [await tellAlert(bench), await tellAlert(bench)]
  const watching = startCli(['anomaly', 'watch', '--since', '1', '--count', '6', '--json'], momentry.cliEnv)
  await expect.poll(() => seqsOf(watching.stdout())).toEqual(before.slice(1))
  const live = await tellAlert(bench)
  await expect.poll(() => seqsOf(watching.stdout())).toEqual([2, live])
  momentry.api.kill('SIGKILL')
  await momentry.api.exited
  const missed = [await tellAlert(bench), await tellAlert(bench)]
  await momentry.restartApi()
  await expect.poll(() => watching.stderr()).toContain('connected again')
  const later = [await tellAlert(bench), await tellAlert(bench)]
  const { code, stdout, stderr } = await watching.finished
  expect([code, seqsOf(stdout)]).toEqual([0, [2, live, ...missed, ...later]])
  expect(stderr).toContain(`--since ${later[1]}`)
})

it('anomaly mute, and alert-silence create, list and end', async () => {
  const [keyId, id] = [await bench.insertKey('watched'), createId()]
  await recordFinding(
    bench.postgres.pool,
    {
      ...{ kind: 'opened', id, keyId, rule: 'multiple_ips', severity: 'high', observed: 6, threshold: 5 },
      ...{ window: { start: 1, end: 2 }, explanation: 'so' },
    },
    new Date(),
  )
  const muted = await run('anomaly', 'mute', id, '--for', '2h', '--reason', 'load test')
  expect([muted.code, muted.stdout]).toEqual([0, expect.stringMatching(/^Muted multiple_ips of watched until 2\d{3}-/)])

  const made = await run('alert-silence', 'create', '--owner', 'team', '--for', '90m', '--from', '1h', '--json')
  expect(JSON.parse(made.stdout)).toMatchObject({ state: 'scheduled', owner: 'team', keyId: null })
  const nothing = await run('alert-silence', 'create', '--for', '90m')
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('--owner')])

  const listed = await run('alert-silence', 'list')
  expect(listed.stdout).toMatch(/scheduled +owner team/)
  expect(listed.stdout).toMatch(new RegExp(`active +key ${keyId}, rule multiple_ips .* load test`))
  const silence = JSON.parse((await run('alert-silence', 'list', '--key', keyId, '--json')).stdout).data[0].id
  expect((await run('alert-silence', 'end', silence)).stdout).toBe(`Silence ${silence} has ended.\n`)
  expect((await run('alert-silence', 'list', '--state', 'active')).stderr).toContain('no silences')
  expect((await run('alert-silence', 'end', createId())).code).toBe(3)
})
