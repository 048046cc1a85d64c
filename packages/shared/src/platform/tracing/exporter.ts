import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from '../process/log.ts'

/** What a receiver may take for one batch, its retries included; what it has not taken by then is dropped. */
const sendMs = 5_000

/**
 * Gives what sends spans (OTLP over HTTP, as JSON). A receiver that is away costs its spans and nothing else; of failures
 * in a row the first is logged.
 */
export function createExporter(
  options: { endpoint: string; headers: Record<string, string> },
  log: Logger,
): SpanExporter {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: options.headers,
    timeoutMillis: sendMs,
  })
  let failing = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        // 0: it was taken. Its errors hold the receiver's answer, which is not ours to log.
        const failed = result.code !== 0
        if (failed && !failing) log.warn({ spans: spans.length }, 'traces could not be sent; they are dropped')
        if (!failed && failing) log.info('traces are taken again')
        failing = failed
        done({ code: 0 })
      })
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  }
}
