import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components } from '../schema.d.ts'

export type Settings = components['schemas']['Settings']
export type Thresholds = Settings['anomaly']['thresholds']
export type ThresholdName = keyof Thresholds

export function useSettings(enabled = true) {
  return useQuery({ queryKey: ['settings'], queryFn: () => take(api.GET('/v1/settings')), enabled })
}

/** Sets the thresholds that are named; null takes one back to the environment. */
export function useSetThresholds() {
  return useMutation({
    mutationFn: (thresholds: Partial<Record<ThresholdName, number | null>>) =>
      take(api.PUT('/v1/settings/anomaly', { body: { thresholds } })),
    meta: { invalidates: ['settings', 'audit'] },
  })
}

export function useResetThresholds() {
  return useMutation({
    mutationFn: () => take(api.DELETE('/v1/settings/anomaly')),
    meta: { invalidates: ['settings', 'audit'] },
  })
}
