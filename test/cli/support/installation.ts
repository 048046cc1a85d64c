import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harness } from '../../api/harness.ts'
import { type BootstrapKey, createBootstrapKey } from '../../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../../support/stores.ts'

export interface Installation {
  stores: TestStores
  dataDir: string
  /** The first system key. */
  secret: string
  url: string
  /** What the command line needs to find this installation as one beside it. */
  cliEnv: Record<string, string>
  api: TestProcess
  /** Starts the api anew at the same place, after it was ended. */
  restartApi(): Promise<void>
  close(): Promise<void>
}

/**
 * Momentry with a data directory as the launcher leaves it.
 * @param others processes that run beside the api
 * @param env in place of what `createTestStores` gives
 */
export async function createInstallation(
  others: readonly ('worker' | 'alerter')[] = [],
  env: Record<string, string> = {},
): Promise<Installation> {
  const shared = await createTestStores()
  const stores = { ...shared, env: { ...shared.env, ...env } }
  const [credentials, first, ...running] = await Promise.all([
    createBootstrapKey(stores.databaseUrl),
    startProcess('api', stores.env),
    ...others.map((app) => startProcess(app, stores.env)),
  ])
  let api = first
  const place = await makePlace(api.url ?? '', credentials)
  return {
    ...place,
    stores,
    get api() {
      return api
    },
    async restartApi() {
      api = await startProcess('api', { ...stores.env, PORT: new URL(place.url).port })
    },
    async close() {
      await Promise.all([api, ...running].map((each) => each.stop()))
      await stores.close()
      await rm(place.dataDir, { recursive: true })
    },
  }
}

/** An installation whose processes other files have as well. */
export type SharedInstallation = Omit<Installation, 'api' | 'restartApi'>

/** A data directory and a first key of a file's own. @param share gives the processes: `shareHarness`, or that of rotations */
export async function shareInstallation(share: () => Promise<Harness>): Promise<SharedInstallation> {
  const { stores, api } = await share()
  const place = await makePlace(api.url ?? '', await createBootstrapKey(stores.databaseUrl))
  return { ...place, stores, close: () => rm(place.dataDir, { recursive: true }) }
}

/** Makes the data directory by which the command line finds an api and a key. */
async function makePlace(url: string, { keyId, key }: BootstrapKey) {
  const dataDir = await mkdtemp(join(tmpdir(), 'momentry-cli-'))
  await writeFile(join(dataDir, 'runtime.json'), JSON.stringify({ apiUrl: url, pids: {} }))
  await writeFile(join(dataDir, 'credentials.json'), JSON.stringify({ keyId, key }))
  return { dataDir, secret: key, url, cliEnv: { MOMENTRY_DATA_DIR: dataDir } }
}
