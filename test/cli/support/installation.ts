import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../../support/processes.ts'
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
  const dataDir = await mkdtemp(join(tmpdir(), 'momentry-cli-'))
  const [{ keyId, key }, first, ...running] = await Promise.all([
    createBootstrapKey(stores.databaseUrl),
    startProcess('api', stores.env),
    ...others.map((app) => startProcess(app, stores.env)),
  ])
  let api = first
  const url = api.url ?? ''
  await writeFile(join(dataDir, 'runtime.json'), JSON.stringify({ apiUrl: url, pids: {} }))
  await writeFile(join(dataDir, 'credentials.json'), JSON.stringify({ keyId, key }))
  return {
    ...{ stores, dataDir, secret: key, url },
    cliEnv: { MOMENTRY_DATA_DIR: dataDir },
    get api() {
      return api
    },
    async restartApi() {
      api = await startProcess('api', { ...stores.env, PORT: new URL(url).port })
    },
    async close() {
      await Promise.all([api, ...running].map((each) => each.stop()))
      await stores.close()
      await rm(dataDir, { recursive: true })
    },
  }
}
