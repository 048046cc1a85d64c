import type { UsageBatch, Watcher } from '@momentry/shared/anomalies/detect/watch.ts'
import { createTraceMemory } from '@momentry/shared/platform/tracing/memory.ts'
import { parseTraceParent } from '@momentry/shared/platform/tracing/traceparent.ts'
import type { Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import type { EntryTrace } from '@momentry/shared/usage/read-entries.ts'

export interface WatcherTrace {
  /** Gives the traceparent of what a key did last: its anomaly may be found only once it has been silent for a while. */
  traceOf(keyId: string): string | undefined
  /** Makes a span of each batch that holds traced entries. */
  wrap(watcher: Watcher): Watcher
}

/**
 * Traces the watching of one partition. A batch is one span: under the trace of its first traced entry, with links to
 * all others. What is found about a key belongs to the trace of that key's own entry, whichever came first.
 */
export function createWatcherTrace(tracing: Tracing, partition: number): WatcherTrace | undefined {
  if (!tracing.on) return undefined
  const memory = createTraceMemory()

  const take = (watcher: Watcher, batch: UsageBatch, traces: readonly EntryTrace[]) => {
    const [first, ...others] = [...new Set(traces.map(({ traceparent }) => traceparent))]
    const attributes = { 'momentry.partition': partition, 'momentry.entries': batch.entryIds.length }
    const options = { kind: 'consumer', parent: first, links: others, attributes } as const
    return tracing.run('usage fold', options, async (span) => {
      const here = tracing.current()
      for (const { traceparent, keyIds } of traces) {
        const carried = here !== undefined && areOfOneTrace(here, traceparent) ? here : traceparent
        for (const keyId of keyIds) memory.touch(keyId, carried)
      }
      const outcome = await watcher.take(batch)
      span.set({
        'momentry.committed': outcome !== undefined,
        'momentry.events': outcome?.events ?? 0,
        'momentry.findings': outcome?.findings.length ?? 0,
      })
      return outcome
    })
  }

  return {
    traceOf: memory.of,
    wrap: (watcher) => ({
      ...watcher,
      take(batch) {
        const { traces = [] } = batch
        return traces.length === 0 ? watcher.take(batch) : take(watcher, batch, traces)
      },
    }),
  }
}

function areOfOneTrace(first: string, second: string): boolean {
  return parseTraceParent(first)?.traceId === parseTraceParent(second)?.traceId
}
