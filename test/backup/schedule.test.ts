import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listBackups } from '@momentry/shared/backup/list.ts'
import { createDirectoryStorage } from '@momentry/shared/backup/storage/directory.ts'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

let folder: string
let stores: TestStores
let bench: Workbench
const processes: TestProcess[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'momentry-schedule-'))
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
})
afterAll(async () => {
  await Promise.all(processes.map((each) => each.stop()))
  await bench.close()
  await stores.close()
  await rm(folder, { recursive: true, force: true })
})

const start = async (dir: string) => {
  const env = {
    ...stores.env,
    BACKUP_DIR: dir,
    BACKUP_SCHEDULE: '* * * * * *',
    BACKUP_KEEP_DAILY: '1',
    BACKUP_KEEP_WEEKLY: '0',
  }
  processes.push(await startProcess('worker', env))
}
const list = () => listBackups({ storage: createDirectoryStorage(folder), masterKeys: [inject('masterKey')] })

it('backups come round by themselves, and only what is to be kept stays', async () => {
  await start(folder)
  await untilHolds(async () => expect((await list()).backups[0]?.number).toBeGreaterThanOrEqual(3))
  expect((await list()).backups.length).toBeLessThanOrEqual(2)
  expect((await list()).backups[0]?.reason).toBe('by schedule')
})

it('one that fails is told of', async () => {
  await processes.pop()?.stop()
  const blocked = join(folder, 'blocked')
  await writeFile(blocked, 'a file where the directory should be')
  await start(join(blocked, 'backups'))
  processes.push(await startProcess('alerter', stores.env))
  const told = () => bench.alerts.filter(({ type }) => type === 'backup.failed')
  await untilHolds(() => expect(told().length).toBeGreaterThan(0))
  expect(told()[0]?.data).toMatchObject({
    severity: 'high',
    explanation: expect.stringContaining('the scheduled backup failed'),
  })
})
