import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, createSlot, type Slot } from './slot.ts'
import type { FaultStores } from './stores.ts'

/** All processes of an installation: two of each. */
export interface Fleet {
  slots: readonly Slot[]
  /** Where apis serve just now. */
  apiUrls(): string[]
  close(): Promise<void>
}

const places: readonly { name: string; app: App }[] = (['api', 'worker', 'alerter'] as const).flatMap((app) =>
  [1, 2].map((place) => ({ name: `${app}-${place}`, app })),
)

/** @param env what all of them are told beside their stores */
export async function startFleet(stores: FaultStores, env: Record<string, string>): Promise<Fleet> {
  const { databaseUrl, redisUrl } = stores
  const clocks = await mkdtemp(join(tmpdir(), 'momentry-clocks-'))
  const slots = await Promise.all(
    places.map((place) =>
      createSlot({
        ...place,
        ...{ databaseUrl, redisUrl },
        env: { ...stores.env, ...env, PORT: '0' },
        clockFile: join(clocks, place.name),
      }),
    ),
  )
  await Promise.all(slots.map((slot) => slot.start()))
  return {
    slots,
    apiUrls: () => slots.flatMap((slot) => (slot.app === 'api' ? (slot.url() ?? []) : [])),
    async close() {
      await Promise.all(slots.map((slot) => slot.kill()))
      await Promise.all(slots.map((slot) => slot.close()))
      await rm(clocks, { recursive: true, force: true })
    },
  }
}
