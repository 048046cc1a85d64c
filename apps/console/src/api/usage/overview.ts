import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { liveMs } from '../query.ts'
import type { components } from '../schema.d.ts'
import { rangeOf, type Span } from './span.ts'

export type Validations = components['schemas']['Validations']
export type SystemState = components['schemas']['System']

/** What validating said, over time. The API has minutes and hours of it. */
export function useValidations(span: Span) {
  return useQuery({
    queryKey: ['validations', span],
    queryFn: () => {
      const { from, interval } = rangeOf(span)
      return take(
        api.GET('/v1/validations', {
          params: { query: { from, interval: interval === 'minute' ? 'minute' : 'hour' } },
        }),
      )
    },
    refetchInterval: liveMs,
    placeholderData: keepPreviousData,
  })
}

export function useAnomalySummary(enabled: boolean) {
  return useQuery({
    queryKey: ['anomalies', 'summary'],
    queryFn: () => take(api.GET('/v1/anomalies/summary')),
    enabled,
    refetchInterval: liveMs,
  })
}
