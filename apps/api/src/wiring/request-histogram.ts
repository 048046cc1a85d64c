import { Histogram, type Registry } from '@momentry/shared/platform/process/metrics.ts'

const name = 'momentry_http_request_duration_seconds'
const help = 'Requests by route, method and status, and how long they took'

/** Upper bounds, seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

const labelNames = ['method', 'route', 'status'] as const

interface Labels {
  method: string
  route: string
  status: number
}

/** Requests with the same labels. */
interface Series {
  labels: Labels
  /** Requests by bucket: each up to its bound and over the one before, and a last one for the slowest. */
  counts: number[]
  sum: number
}

/**
 * Requests by route, method and status, and how long they took. It counts by itself: prom-client writes a text of all
 * labels to find a series by, at each request, which takes as long as the check of a key.
 */
export class RequestHistogram extends Histogram<(typeof labelNames)[number]> {
  /** By route, method and status. */
  readonly #series = new Map<string, Map<string, Map<number, Series>>>()
  readonly #all: Series[] = []

  constructor(registry: Registry) {
    super({ name, help, labelNames, buckets: bounds, registers: [registry] })
  }

  /** Takes a request into account. @param seconds how long it took */
  count(labels: Labels, seconds: number): void {
    const series = this.#seriesOf(labels)
    let bucket = 0
    while (seconds > (bounds[bucket] ?? Infinity)) bucket++
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.sum += seconds
  }

  #seriesOf(labels: Labels): Series {
    return this.#series.get(labels.route)?.get(labels.method)?.get(labels.status) ?? this.#begin(labels)
  }

  #begin(labels: Labels): Series {
    const { method, route, status } = labels
    const series = { labels, counts: Array<number>(bounds.length + 1).fill(0), sum: 0 }
    const byMethod = this.#series.getOrInsert(route, new Map())
    byMethod.getOrInsert(method, new Map()).set(status, series)
    this.#all.push(series)
    return series
  }

  /** What prom-client asks a histogram for, by this name, whenever the metrics are read. */
  async getForPromString() {
    return { name, help, type: 'histogram', aggregator: 'sum', values: this.#all.flatMap(valuesOf) }
  }
}

function valuesOf({ labels: sharedLabels, counts, sum }: Series) {
  let total = 0
  const buckets = counts.map((count, bucket) => {
    total += count
    return { labels: { le: bounds[bucket] ?? '+Inf' }, sharedLabels, value: total, metricName: `${name}_bucket` }
  })
  return [
    ...buckets,
    { labels: {}, sharedLabels, value: sum, metricName: `${name}_sum` },
    { labels: {}, sharedLabels, value: total, metricName: `${name}_count` },
  ]
}
