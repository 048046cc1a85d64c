import { insertKeys } from '../harness/keys.ts'
import { programFile, type Running, startProgram } from '../harness/process.ts'
import type { Installation, Stores } from '../harness/stores.ts'
import { type Books, openBooks } from './books.ts'
import { createSender, type Sender } from './send.ts'

/** Momentry as it takes usage: an api and a worker, and an alerter where alerts are wanted. */
export interface UsageSystem {
  installation: Installation
  api: Running
  worker: Running
  alerter: Running | undefined
  books: Books
  sender: Sender
  close(): Promise<void>
}

/**
 * Starts one on stores of its own. All of it may run on both cores but for the stores, which share theirs with what sends:
 * the way of an event is that of several processes, and the system decides which of them has which core.
 * @param options.env settings of its processes, such as thresholds
 * @param options.nodeOptions for api and worker, such as `--cpu-prof`
 */
export async function startUsageSystem(
  stores: Stores,
  {
    env = {},
    alerts = false,
    nodeOptions = [],
  }: { env?: Record<string, string>; alerts?: boolean; nodeOptions?: string[] } = {},
): Promise<UsageSystem> {
  const installation = await stores.createInstallation()
  const [reporter] = await insertKeys(installation.databaseUrl, 1, { scopes: ['usage:write', 'keys:write'] })
  const options = { env: { ...installation.env, LOG_LEVEL: 'warn', ...env }, place: 'anywhere', nodeOptions } as const
  const [api, worker, alerter] = await Promise.all([
    startProgram(programFile('api'), options),
    startProgram(programFile('worker'), options),
    alerts ? startProgram(programFile('alerter'), options) : undefined,
  ])
  const books = openBooks(installation)
  const sender = createSender(api.url, reporter?.secret ?? '')
  return {
    ...{ installation, api, worker, alerter, books, sender },
    async close() {
      sender.close()
      books.close()
      await Promise.all([api.stop(), worker.stop(), alerter?.stop()])
      await installation.close()
    },
  }
}
