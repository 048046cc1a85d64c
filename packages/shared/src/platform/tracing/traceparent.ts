/** Where something stands in a trace, as W3C Trace Context writes it. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  traceId: string
  /** Of the span that caused what follows: 16 hexadecimal digits. */
  spanId: string
  /** Whoever began the trace wants it kept. */
  sampled: boolean
}

/** Version, trace, span, flags; later versions may have more behind them. */
const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[!-~]*)?$/
/** The four parts of version 00, and room for what later versions add. */
const longest = 256

/** Reads a `traceparent`; undefined where it is none, and then a trace begins anew. */
export function parseTraceParent(text: string | undefined): TraceParent | undefined {
  if (text === undefined || text.length > longest) return undefined
  const [, version, traceId = '', spanId = '', flags = '', more] = shape.exec(text) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** Writes a `traceparent` of version 00. */
export function formatTraceParent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}
