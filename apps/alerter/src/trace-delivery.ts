import type { Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import type { StreamEntry } from '@momentry/shared/streams/group.ts'

type Deliver = (entry: StreamEntry) => Promise<void>

/** Makes a span of the delivery of each entry that carries a trace. */
export function traceDelivery(tracing: Tracing, partition: number, deliver: Deliver): Deliver {
  if (!tracing.on) return deliver
  return (entry) => {
    const parent = entry.fields['trace']
    if (parent === undefined) return deliver(entry)
    const kind = entry.fields['alert'] === undefined ? 'finding' : 'alert'
    const attributes = { 'momentry.partition': partition, 'momentry.entry': kind }
    return tracing.run(`${kind} deliver`, { kind: 'consumer', parent, attributes }, () => deliver(entry))
  }
}
