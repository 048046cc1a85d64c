import type { ChartSeries } from './chart-options.ts'

interface Bucket {
  start: string
  requests: number
  errors: number
}

/** Requests and errors for a stacked chart: errors at the bottom, where small numbers of them are seen. */
export function trafficSeries({ series }: { series: readonly Bucket[] }): { times: string[]; series: ChartSeries[] } {
  return {
    times: series.map(({ start }) => start),
    series: [
      { label: 'Errors', color: '--mark-bad', values: series.map(({ errors }) => errors) },
      {
        label: 'Good requests',
        color: '--mark-accent',
        values: series.map(({ requests, errors }) => requests - errors),
      },
    ],
  }
}
