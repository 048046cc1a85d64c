import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCredentials, runLauncher } from './support/processes/launcher.ts'
import { createTestStores, type TestStores } from './support/stores.ts'

let dataDir: string
let stores: TestStores

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'momentry-set-up-'))
  stores = await createTestStores()
})

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true })
  await stores.close()
})

test('--set-up makes the first key once, keeps it in the data directory, and shows it to nobody', async () => {
  const env = { DATABASE_URL: stores.databaseUrl, MOMENTRY_DATA_DIR: dataDir, MOMENTRY_MASTER_KEY: stores.masterKey }
  const first = runLauncher(env, ['--set-up'])
  expect(await first.exited, first.output()).toBe(0)
  const { key } = await readCredentials(dataDir)
  expect(key).toMatch(/^mty_system_/)
  expect(first.output()).toContain('credentials.json')
  expect(first.output()).not.toContain(key)

  const second = runLauncher(env, ['--set-up'])
  expect(await second.exited, second.output()).toBe(0)
  expect(second.output()).toContain('there is a system key')
  expect((await readCredentials(dataDir)).key).toBe(key)
})
