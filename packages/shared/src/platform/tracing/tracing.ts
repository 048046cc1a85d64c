export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export interface SpanOptions {
  /** What it is towards others: it answers a request, or takes something off a stream or a queue. */
  kind?: 'server' | 'consumer'
  /** The `traceparent` of what caused it; where there is none, what is under way. */
  parent?: string | undefined
  /** The `traceparent`s of what else caused it. */
  links?: readonly string[]
  attributes?: SpanAttributes
}

/** One piece of work of a trace, while it is under way. */
export interface Span {
  /** Puts it under another name, once that is known. */
  rename(name: string): void
  /** Ids and figures; never a secret, a path or a query. */
  set(attributes: SpanAttributes): void
  /** Marks it as failed. */
  fail(): void
}

/** How a process tells what it does, so that one request can be followed through all processes. */
export interface Tracing {
  /** Whether anybody listens. */
  on: boolean
  /**
   * Does work as a span, which ends with it and fails where it throws. What it does in turn, also later in other ticks,
   * belongs under it.
   */
  run<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>
  /** The `traceparent` of what is under way, to be carried to whoever goes on with it; undefined where nobody keeps it. */
  current(): string | undefined
  /** Sends what is left, as far as that goes quickly. Never throws. */
  close(): Promise<void>
}

const noSpan: Span = { rename: () => undefined, set: () => undefined, fail: () => undefined }

/** What there is where no traces are wanted: it does the work and nothing else. */
export const noTracing: Tracing = {
  on: false,
  run: (_name, _options, work) => work(noSpan),
  current: () => undefined,
  close: async () => undefined,
}
