import type { ThresholdName } from '../../api/operation/settings.ts'

export interface ThresholdField {
  name: ThresholdName
  rule: 'high_request_rate' | 'high_error_rate' | 'multiple_ips' | 'unusual_time'
  label: string
  /** Said behind the number. */
  unit: string
  /** Shares are shown in percent: shown = stored × scale. */
  scale: number
  /** Bounds of what is shown. */
  min: number
  max: number
  decimals: number
}

const million = 1_000_000_000

/** Every threshold of detection, by the rule that it belongs to. */
export const thresholdFields: readonly ThresholdField[] = [
  {
    ...{ name: 'requestsPerMinute', rule: 'high_request_rate', label: 'More requests in 60 s than' },
    ...{ unit: 'requests', scale: 1, min: 1, max: million, decimals: 0 },
  },
  {
    ...{ name: 'errorRate', rule: 'high_error_rate', label: 'More of 5 min failed than' },
    ...{ unit: '%', scale: 100, min: 0.1, max: 100, decimals: 2 },
  },
  {
    ...{ name: 'errorMinRequests', rule: 'high_error_rate', label: 'Judged from' },
    ...{ unit: 'requests', scale: 1, min: 1, max: million, decimals: 0 },
  },
  {
    ...{ name: 'ipsPerHour', rule: 'multiple_ips', label: 'More addresses in 60 min than' },
    ...{ unit: 'addresses', scale: 1, min: 1, max: 1000, decimals: 0 },
  },
  {
    ...{ name: 'timeMaxShare', rule: 'unusual_time', label: 'Hour holds less of the history than' },
    ...{ unit: '%', scale: 100, min: 0.0001, max: 100, decimals: 4 },
  },
  {
    ...{ name: 'timeMinRequests', rule: 'unusual_time', label: 'Requests in that hour, at least' },
    ...{ unit: 'requests', scale: 1, min: 1, max: million, decimals: 0 },
  },
  {
    ...{ name: 'timeMinDays', rule: 'unusual_time', label: 'Known for at least' },
    ...{ unit: 'days', scale: 1, min: 1, max: 3650, decimals: 0 },
  },
  {
    ...{ name: 'timeMinHistory', rule: 'unusual_time', label: 'History of at least' },
    ...{ unit: 'requests', scale: 1, min: 1, max: million, decimals: 0 },
  },
]

/** What is shown of a stored value, without the dust of floating point. */
export function toShown({ scale }: ThresholdField, stored: number): number {
  return Number((stored * scale).toPrecision(12))
}

export function toStored({ scale }: ThresholdField, shown: number): number {
  return Number((shown / scale).toPrecision(12))
}
