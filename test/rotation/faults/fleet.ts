import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory } from '@momentry/shared/platform/redis/client.ts'
import { expect } from 'vitest'
import { z } from 'zod'
import { type Answer, type Call, codeOf, createClient } from '../../api/client.ts'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { createTestStores } from '../../support/stores.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { createRequests, type Rotation, rotationSchema } from '../support.ts'

const rotationPage = z.object({ data: z.array(rotationSchema) })
const queuedSchema = z.object({ rotationId: z.string() })
const jobSchema = z.object({ state: z.string(), attempts: z.number(), error: z.string().nullable() })

/** Two api processes and an alerter on stores of their own, with as many workers as a test wants. */
export interface Fleet extends ReturnType<typeof createRequests> {
  databaseUrl: string
  /** Of the first api. */
  apiUrl: string
  bench: Workbench
  /** With a system key that holds everything, by the first api. */
  asRoot: Call
  /** With the same key, by the one and by the other api in turn. */
  callOf(n: number): Call
  /** The code that validating a secret gives, on each api. */
  validate(secret: string): Promise<string[]>
  /** All rotations of a key, the newest first. */
  rotationsOf(keyId: string): Promise<Rotation[]>
  /** The versions of a key's secret that were ever made, in order. */
  versionsOf(keyId: string): Promise<number[]>
  /** Changes of keys that nobody has told of yet. */
  outbox(): Promise<number>
  job(id: string): Promise<z.infer<typeof jobSchema>>
  /** How often every process was told that a key changed; once for its making. */
  timesTold(keyId: string): number
  startWorker(): Promise<TestProcess>
  /** Ends a worker by SIGKILL, and waits until it is gone. */
  kill(worker: TestProcess): Promise<void>
  /** Has all workers drain, and checks that they could. */
  stopWorkers(): Promise<void>
  close(): Promise<void>
}

/** @param env beside that of the stores; it may name others */
export async function startFleet(env: Record<string, string> = {}): Promise<Fleet> {
  const stores = await createTestStores()
  const all: Record<string, string> = { ...stores.env, RATE_LIMIT_MAX_ATTEMPTS: '10000', ...env }
  const root = await createBootstrapKey(all['DATABASE_URL'] ?? '')
  const bench = await createWorkbench(all)
  const log = createLogger({ name: 'test', level: 'silent' })
  const changes = createRedisFactory({ url: all['REDIS_URL'] ?? '', name: 'test', log })('subscriber')
  const heard: string[] = []
  changes.on('message', (_channel, message) => heard.push(message))
  await changes.subscribe(bench.names.changeChannel)
  const [alerter, ...apis] = await Promise.all(
    (['alerter', 'api', 'api'] as const).map((app) => startProcess(app, all)),
  )
  const workers: TestProcess[] = []
  const stopWorkers = async () => {
    const codes = await Promise.all(workers.splice(0).map((worker) => worker.stop()))
    expect(codes.filter((code) => code !== 0)).toEqual([])
  }
  const on = (key?: string) => apis.map(({ url }) => createClient(url, key))
  const asRoots = on(root.key)
  const [asRoot = createClient(undefined)] = asRoots
  return {
    databaseUrl: all['DATABASE_URL'] ?? '',
    apiUrl: apis[0]?.url ?? '',
    bench,
    asRoot,
    callOf: (n) => asRoots[n % asRoots.length] ?? asRoot,
    ...createRequests(asRoot),
    validate: (key) =>
      Promise.all(
        on().map(async (call) =>
          codeOf(await call('POST', '/v1/keys/validate', { body: { key, recordUsage: false } })),
        ),
      ),
    rotationsOf: async (keyId) =>
      rotationPage.parse((await asRoot('GET', `/v1/rotations?keyId=${keyId}&limit=200`)).body).data,
    async versionsOf(keyId) {
      const { rows } = await bench.postgres.pool.query<{ version: number }>(
        'SELECT version FROM api_key_secrets WHERE key_id = $1 ORDER BY version',
        [keyId],
      )
      return rows.map(({ version }) => version)
    },
    async outbox() {
      const { rows } = await bench.postgres.pool.query('SELECT count(*)::int AS left FROM api_key_changes')
      return rows[0].left
    },
    job: async (id) => jobSchema.parse((await asRoot('GET', `/v1/jobs/${id}`)).body),
    timesTold: (keyId) => heard.filter((message) => message === JSON.stringify({ keyId })).length,
    async startWorker() {
      const worker = await startProcess('worker', all)
      workers.push(worker)
      return worker
    },
    async kill(worker) {
      workers.splice(workers.indexOf(worker), 1)
      worker.kill('SIGKILL')
      await worker.exited
    },
    stopWorkers,
    async close() {
      await stopWorkers()
      const codes = await Promise.all([...apis, alerter].map((process) => process?.stop()))
      expect(codes).toEqual([0, 0, 0])
      await Promise.all([closeRedis(changes), bench.close()])
      await stores.close()
    },
  }
}

/** The id in an answer to a request for a rotation. */
export const queuedId = ({ body }: Answer) => queuedSchema.parse(body).rotationId

/** Waits until a condition holds, however long a dead worker's jobs may lie. */
export const eventually = <T>(read: () => T) => expect.poll(read, { interval: 100 })
