import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { type Context, type Span as OtelSpan, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from '../process/log.ts'
import { createExporter } from './exporter.ts'
import { formatTraceParent, parseTraceParent } from './traceparent.ts'
import type { Span, SpanOptions, Tracing } from './tracing.ts'

export interface TracingOptions {
  /** Where an OTLP receiver is, without `/v1/traces`. */
  endpoint: string
  headers: Record<string, string>
  serviceName: string
  /** The share of the traces that begin here which is kept, 0 to 1; of others whoever began them decides. */
  ratio: number
}

/** Spans that wait to be sent; more are dropped. About 2 MB. */
const maxQueueSize = 2_048
const maxExportBatchSize = 512
const sendEveryMs = 1_000
/** The end of a process waits so long for what is left. */
const lastSpansMs = 3_000
const spanLimits = { attributeValueLengthLimit: 256, attributeCountLimit: 32, linkCountLimit: 128, eventCountLimit: 0 }
const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const

/** Makes tracing by OpenTelemetry; `start.ts` alone loads this file. Nothing of it is global. */
export function createTracing(options: TracingOptions, log: Logger): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.instance.id': `${hostname()}-${process.pid}`,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanLimits,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: createExporter(options, log),
        maxQueueSize,
        maxExportBatchSize,
        scheduledDelayMillis: sendEveryMs,
      }),
    ],
  })
  const tracer = provider.getTracer('momentry')
  const contexts = new AsyncLocalStorageContextManager()

  const begin = (name: string, { kind, parent, links = [], attributes }: SpanOptions, above: Context) => {
    const linked = links.flatMap((link) => contextOf(link) ?? [])
    const place = parent === undefined ? above : under(parent)
    const given = { links: linked.map((context) => ({ context })), ...(attributes && { attributes }) }
    return tracer.startSpan(name, { ...given, ...(kind && { kind: kinds[kind] }) }, place)
  }

  return {
    on: true,
    async run(name, spanOptions, work) {
      const above = contexts.active()
      const span = begin(name, spanOptions, above)
      try {
        return await contexts.with(trace.setSpan(above, span), () => work(handleOf(span)))
      } catch (error) {
        // Only what is known to be safe: messages may hold what was asked for.
        span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    },
    current() {
      const place = trace.getSpanContext(contexts.active())
      if (!place || (place.traceFlags & 1) === 0) return undefined
      return formatTraceParent({ ...place, sampled: true })
    },
    async close() {
      const closed = provider.shutdown().catch(() => undefined)
      await Promise.race([closed, wait(lastSpansMs, undefined, { ref: false })])
    },
  }
}

function contextOf(traceparent: string) {
  const place = parseTraceParent(traceparent)
  if (!place) return undefined
  const { traceId, spanId, sampled } = place
  return { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true }
}

/** A `traceparent` that is none begins a trace. */
function under(traceparent: string): Context {
  const place = contextOf(traceparent)
  return place ? trace.setSpanContext(ROOT_CONTEXT, place) : ROOT_CONTEXT
}

function handleOf(span: OtelSpan): Span {
  return {
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    fail: () => void span.setStatus({ code: SpanStatusCode.ERROR }),
  }
}
