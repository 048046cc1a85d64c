import type { Sink } from '../../api/shapes/alert-sink.ts'
import type { Output } from '../../output/output.ts'
import { showFields } from '../show-fields.ts'

/** Shows a sink to a person. @param secret of a webhook, where it was made just now */
export function showSink(out: Output, sink: Sink, secret?: string): void {
  const { routing, quietHours } = sink
  showFields(out, {
    id: sink.id,
    name: sink.name,
    kind: sink.kind,
    'sends to': targetOf(sink),
    state: sink.state,
    why: sink.stateReason,
    severity: routing.minSeverity === 'low' ? 'any' : `${routing.minSeverity} or graver`,
    types: orAny(routing.types),
    rules: orAny(routing.rules),
    owners: orAny(routing.owners),
    groups: sink.groupSeconds === 0 ? 'never' : `for ${sink.groupSeconds} s`,
    quiet: quietHours ? `${quietHours.from}-${quietHours.to} (${quietHours.timeZone})` : undefined,
    'old secret': sink.previousSecretUntil ? `signs too until ${sink.previousSecretUntil}` : undefined,
    created: sink.createdAt,
    changed: sink.updatedAt,
  })
  if (secret === undefined) return
  out.line(`secret     ${out.style('bold', secret)}`)
  out.note('Keep the secret now, where messages are received: it is shown this once, and verifies their signatures.')
}

/** Where a sink sends, as far as that may be seen. */
export function targetOf({ kind, target }: Sink): string {
  return target.url ?? target.host ?? target.to?.join(', ') ?? kind
}

function orAny(names: readonly string[]): string {
  return names.join(', ') || 'any'
}
