import { type DeliveryBacklog, readBacklog } from '@momentry/shared/alert-sinks/delivery/backlog.ts'
import type { Performed } from '@momentry/shared/alert-sinks/delivery/perform.ts'
import type { SinkKind } from '@momentry/shared/alert-sinks/schemas.ts'
import type { Context } from '@momentry/shared/platform/context.ts'
import { Counter, Gauge, type Registry } from '@momentry/shared/platform/process/metrics.ts'

/** What the alerter counts of messages to sinks. */
export interface SendMetrics {
  performed(kind: SinkKind, outcome: Performed['outcome']): void
}

/** What waits is read when the metrics are; while Postgres is away those figures are left out, for nobody knows them. */
export function createSendMetrics(registry: Registry, { db, now }: Pick<Context, 'db' | 'now'>): SendMetrics {
  const registers = [registry]
  const performed = new Counter({
    name: 'momentry_alert_deliveries_total',
    help: 'Attempts at messages to alert sinks, by kind of sink and outcome',
    labelNames: ['kind', 'outcome'],
    registers,
  })
  const show = (name: string, help: string, figure: (backlog: DeliveryBacklog) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const backlog = await readBacklog(db, now()).catch(() => undefined)
        if (backlog) this.set(figure(backlog))
        else this.remove()
      },
    })
  show('momentry_alert_deliveries_waiting', 'Messages to active alert sinks that wait', ({ waiting }) => waiting)
  show(
    'momentry_alert_deliveries_oldest_seconds',
    'How late the latest message to an active alert sink is: since it was due first or, once it was tried, since it was made',
    ({ oldestSeconds }) => oldestSeconds,
  )
  return { performed: (kind, outcome) => performed.inc({ kind, outcome }) }
}
