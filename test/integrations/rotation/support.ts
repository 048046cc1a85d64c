import { expect } from 'vitest'
import { z } from 'zod'
import { codeOf } from '../../api/client.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { bodyOf, type GiteaHarness, giteaPath, startGiteaHarness } from '../harness.ts'

const rotationSchema = z.looseObject({
  id: z.string(),
  credentialId: z.string(),
  jobId: z.string(),
  kind: z.string(),
  state: z.string(),
  fromVersion: z.number(),
  toVersion: z.number(),
  handOver: z.looseObject({ type: z.string() }),
  oldRemoteName: z.string(),
  newRemoteName: z.string(),
  createdThereAt: z.string().nullable(),
  handedOverAt: z.string().nullable(),
  verifiedAt: z.string().nullable(),
  graceEndsAt: z.string().nullable(),
  oldDeletedAt: z.string().nullable(),
  claimedAt: z.string().nullable(),
  claimable: z.boolean(),
  error: z.string().nullable(),
})
export type Rotation = z.infer<typeof rotationSchema>
const deliverySchema = z.object({ key: z.string(), credentialId: z.string(), version: z.number() })
const queuedSchema = z.object({ rotationId: z.string(), status: z.literal('queued') })

export interface RotationHarness extends GiteaHarness {
  bench: Workbench
  /** Asks for a rotation and gives its id. */
  request(credentialId: string, body?: object): Promise<string>
  /** The code with which a rotation is refused. */
  refused(credentialId: string, body?: object): Promise<string>
  rotation(id: string): Promise<Rotation>
  reached(id: string, ...states: string[]): Promise<Rotation>
  claim(id: string): Promise<string>
  endGrace(id: string): Promise<void>
  /** All that the processes have written, and all that the database and Redis hold of this test. */
  everything(): Promise<string>
  /** The names of ada's tokens there, sorted. */
  there(): string[]
}

/** An api, a Gitea, a workbench, and a worker and an alerter unless told otherwise. */
export async function startRotationHarness(
  env: Record<string, string> = {},
  processes: readonly ('worker' | 'alerter')[] = ['worker', 'alerter'],
): Promise<RotationHarness> {
  const t = await startGiteaHarness(env)
  const running: TestProcess[] = await Promise.all(processes.map((name) => startProcess(name, t.env)))
  const bench = await createWorkbench(t.env)
  const rotations = '/v1/integrations/rotations'
  const ask = (id: string, body: object) => t.asRoot('POST', `${giteaPath}/${id}/rotate`, { body })
  const rotation = async (id: string) => rotationSchema.parse(bodyOf(await t.asRoot('GET', `${rotations}/${id}`), 200))
  return {
    ...t,
    bench,
    request: async (id, body = {}) => queuedSchema.parse(bodyOf(await ask(id, body), 202)).rotationId,
    refused: async (id, body = {}) => codeOf(await ask(id, body)),
    rotation,
    async reached(id, ...states) {
      await expect.poll(async () => (await rotation(id)).state).toBeOneOf(states)
      return rotation(id)
    },
    claim: async (id) => deliverySchema.parse(bodyOf(await t.asRoot('POST', `${rotations}/${id}/secret`), 200)).key,
    async endGrace(id) {
      bodyOf(await t.asRoot('PATCH', `${rotations}/${id}`, { body: { graceSeconds: 0 } }), 200)
    },
    async everything() {
      const { pool } = bench.postgres
      const tables = await pool.query(
        "SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
      )
      const rows = await Promise.all(
        tables.rows.map(({ name }) => pool.query(`SELECT jsonb_agg(to_jsonb(t))::text AS text FROM ${name} AS t`)),
      )
      const inRedis = await readRedis(bench)
      const written = [t.api, ...running].map((process) => process.output())
      return [...rows.map((result) => String(result.rows[0]?.text)), ...inRedis, ...written].join('\n')
    },
    there: () =>
      t.gitea
        .tokens('ada')
        .map(({ name }) => name)
        .sort(),
    async close() {
      await bench.close()
      await Promise.all(running.map((process) => process.stop()))
      await t.close()
    },
  }
}

/** Every value of this test in Redis, as text. */
async function readRedis({ redis, names }: Workbench): Promise<string[]> {
  const prefix = names.lockoutPrefix.replace(/:.*/, '')
  const keys = await redis.keys(`*${prefix}*`)
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
  return dumps.map((dump) => dump?.toString('latin1') ?? '')
}
