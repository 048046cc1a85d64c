import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Severity } from '../parts/tones.ts'
import { read } from './pending.ts'
import { liveMs } from './query.ts'
import { rangeOf, type Span } from './stats.ts'

export interface Validations {
  series: { start: string; outcomes: Record<string, number> }[]
  totals: Record<string, number>
}

export interface AnomalySummary {
  open: Record<Severity, number>
  acknowledged: number
}

export interface SystemState {
  processes: {
    id: string
    app: string
    pid: number
    host: string
    version: string
    startedAt: string
    seenAt: string
    healthy: boolean
    cpu?: number
    rssBytes: number
  }[]
  streams: { name: 'usage' | 'anomalies'; partition: number; length: number; pending: number; lagSeconds: number }[]
  totals: { usageLag: number; anomalyLag: number }
  redis: { connected: boolean; usedBytes: number; maxBytes: number | null }
  postgres: { connected: boolean; bytes: number }
  time: string
}

/** What validating said, over time. The API has minutes and hours of it. */
export function useValidations(span: Span) {
  return useQuery({
    queryKey: ['validations', span],
    queryFn: () => {
      const { from, interval } = rangeOf(span)
      return read<Validations>('/v1/validations', { from, interval: interval === 'minute' ? 'minute' : 'hour' })
    },
    refetchInterval: liveMs,
    placeholderData: keepPreviousData,
  })
}

export function useAnomalySummary(enabled: boolean) {
  return useQuery({
    queryKey: ['anomalies', 'summary'],
    queryFn: () => read<AnomalySummary>('/v1/anomalies/summary'),
    enabled,
    refetchInterval: liveMs,
  })
}

export function useSystem(enabled: boolean) {
  return useQuery({
    queryKey: ['system'],
    queryFn: () => read<SystemState>('/v1/system'),
    enabled,
    refetchInterval: liveMs,
  })
}
