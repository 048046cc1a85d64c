/** The rules of detection that a demo shows (DESIGN.md section 7). */
export const plantedRules = ['high_request_rate', 'high_error_rate', 'multiple_ips', 'unusual_time'] as const
export type PlantedRule = (typeof plantedRules)[number]

export interface DemoEvent {
  /** Index into the demo's keys. */
  key: number
  /** Milliseconds since 1970. */
  at: number
  ip: string
  status: number
}
