import { type BootstrapKey, createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
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
    ...{ stores, api, root },
    ...createCalls(stores, api, root),
    async close() {
      await api.stop()
      await stores.close()
    },
  }
}

let shared: Promise<Harness> | undefined

/**
 * Gives a file the api that the other files of its test worker have as well, one after the other, and a root key of its own. It
 * is for those that ask only about what they made, and change nothing for others: an api of their own is half a second of a
 * processor. This one ends when its parent does, which is the worker.
 */
export async function shareHarness(): Promise<Harness> {
  shared ??= startHarness({ RATE_LIMIT_MAX_ATTEMPTS: '100000' })
  const { stores, api } = await shared
  const root = await createBootstrapKey(stores.databaseUrl)
  return { ...{ stores, api, root }, ...createCalls(stores, api, root), close: async () => undefined }
}

function createCalls(stores: TestStores, api: TestProcess, root: BootstrapKey) {
  return {
    asRoot: createClient(api.url, root.key),
    asAnyone: createClient(api.url),
    async as(...scopes: string[]) {
      const { key } = await createBootstrapKey(stores.databaseUrl, { type: 'service', scopes })
      return createClient(api.url, key)
    },
  }
}
