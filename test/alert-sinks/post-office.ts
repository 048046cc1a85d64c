import { createSink } from '@momentry/shared/alert-sinks/create.ts'
import { claimDeliveries } from '@momentry/shared/alert-sinks/delivery/claim.ts'
import { type Performed, performDelivery } from '@momentry/shared/alert-sinks/delivery/perform.ts'
import { routeAlert } from '@momentry/shared/alert-sinks/routing/route.ts'
import { createSinkSchema } from '@momentry/shared/alert-sinks/schemas.ts'
import { alertDeliveries } from '@momentry/shared/alert-sinks/table.ts'
import type { CreatedSinkView } from '@momentry/shared/alert-sinks/view.ts'
import type { Alert } from '@momentry/shared/alerts/alert.ts'
import type { LoggedAlert } from '@momentry/shared/alerts/logged.ts'
import { recordAlert } from '@momentry/shared/alerts/record.ts'
import { type Context, systemActor } from '@momentry/shared/platform/context.ts'
import { asc, eq } from '@momentry/shared/platform/postgres/query.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { type RemoteServer, startRemoteServer } from '../support/remote/remote-server.ts'
import { createTestSigner } from '../support/signer.ts'
import { createTestStores } from '../support/stores.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'
import { testSenders } from './senders/messages.ts'

type DeliveryRow = typeof alertDeliveries.$inferSelect
/** Tuesday, at noon in UTC. */
const noon = Date.UTC(2026, 0, 6, 12)

/** What the alerter does with sinks, in this process, by the test's own clock, over real stores and a real receiver. */
export interface PostOffice {
  bench: Workbench
  context: Context
  receiver: RemoteServer
  masterKey: string
  /** For processes on the same stores. */
  env: Record<string, string>
  /** Lets time pass, in seconds. */
  pass(seconds: number): void
  setTime(ms: number): void
  /** Makes a sink; a webhook at the receiver where the target is not given. */
  addSink(change?: object): Promise<CreatedSinkView>
  tell(alert: Alert): Promise<LoggedAlert>
  /** Sends once all that is due, one after the other, and gives what came of each. */
  send(signal?: AbortSignal): Promise<Performed[]>
  deliveries(sinkId: string): Promise<DeliveryRow[]>
  close(): Promise<void>
}

export async function openPostOffice(): Promise<PostOffice> {
  const stores = await createTestStores()
  const bench = await createWorkbench(stores.env)
  const receiver = await startRemoteServer(() => ({ status: 204 }))
  const senders = testSenders({ hosts: [new URL(receiver.url).host] })
  const seal = createSeal([stores.masterKey])
  let time = noon
  const { db } = bench.postgres
  const context: Context = {
    ...{ db, actor: systemActor, requestId: 'test', now: () => time, signer: createTestSigner() },
    publishChanges: async () => undefined,
  }
  return {
    ...{ bench, context, receiver, masterKey: stores.masterKey, env: stores.env },
    pass(seconds) {
      time += seconds * 1000
    },
    setTime(ms) {
      time = ms
    },
    addSink(change = {}) {
      const target = { kind: 'webhook', url: `${receiver.url}/hook` }
      const input = { name: `sink ${crypto.randomUUID()}`, target, groupSeconds: 0, ...change }
      return createSink(context, { seal }, createSinkSchema.parse(input))
    },
    tell: (alert) => recordAlert({ db, now: context.now, route: routeAlert }, alert),
    async send(signal = new AbortController().signal) {
      const came: Performed[] = []
      for (let claimed = await claim(); claimed.length > 0; claimed = signal.aborted ? [] : await claim())
        for (const delivery of claimed)
          came.push(await performDelivery({ context, seal, senders, random: () => 0 }, delivery, signal))
      return came
    },
    deliveries: (sinkId) =>
      db.select().from(alertDeliveries).where(eq(alertDeliveries.sinkId, sinkId)).orderBy(asc(alertDeliveries.id)),
    async close() {
      await Promise.all([senders.close(), receiver.close(), bench.close()])
      await stores.close()
    },
  }

  function claim() {
    return claimDeliveries(db, 8, new Date(time))
  }
}
