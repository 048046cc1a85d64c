import { type BootstrapKey, createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { type Call, createClient } from './client.ts'

export interface Harness {
  stores: TestStores
  api: TestProcess
  /** A system key that holds everything. */
  root: BootstrapKey
  /** Calls with that key. */
  asRoot: Call
  /** Calls with no key. */
  asAnyone: Call
  /** Calls with a new key that holds just these scopes. */
  as(...scopes: string[]): Promise<Call>
  close(): Promise<void>
}

/** Starts an api, on stores of its own unless they are given. */
export async function startHarness(env: Record<string, string> = {}, given?: TestStores): Promise<Harness> {
  const stores = given ?? (await createTestStores())
  const [root, api] = await Promise.all([
    createBootstrapKey(stores.databaseUrl),
    startProcess('api', { ...stores.env, ...env }),
  ])
  return {
    stores,
    api,
    root,
    asRoot: createClient(api.url, root.key),
    asAnyone: createClient(api.url),
    async as(...scopes) {
      const { key } = await createBootstrapKey(stores.databaseUrl, { type: 'service', scopes })
      return createClient(api.url, key)
    },
    async close() {
      await api.stop()
      await stores.close()
    },
  }
}
