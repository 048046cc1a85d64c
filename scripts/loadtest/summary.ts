import type { Measured } from './run.ts'

export interface Summary extends Measured {
  url: string
  mode: string
  keys: number
  /** Uses that the asked api process dropped meanwhile; null: its metrics cannot be read from here. */
  droppedUsageEvents: number | null
  interrupted: boolean
}

/** Whether an answer was no 2xx, or did not come, or uses were dropped. */
export function hasFailed({ statuses, errors, droppedUsageEvents, answers }: Summary): boolean {
  const refused = Object.keys(statuses).some((status) => !status.startsWith('2'))
  return refused || errors > 0 || (droppedUsageEvents ?? 0) > 0 || answers === 0
}

/** Tells people what came of it. */
export function tellSummary(summary: Summary): string {
  const { latencyMs, statuses, droppedUsageEvents } = summary
  const byStatus = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`)
  return [
    `${summary.interrupted ? 'Interrupted: ' : ''}${summary.mode} on ${summary.url}, ${summary.keys} keys`,
    `  answers   ${summary.answers} in ${summary.seconds.toFixed(1)} s, ${summary.answersPerSecond.toFixed(1)} a second`,
    `  latency   p50 ${latencyMs.p50} ms, p90 ${latencyMs.p90} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`,
    `  statuses  ${byStatus.join(', ') || 'none'}`,
    `  errors    ${summary.errors}, of which ${summary.timeouts} had no answer in time`,
    `  dropped   ${droppedUsageEvents ?? 'unknown: its metrics cannot be read from here'}${droppedUsageEvents === null ? '' : ' usage events'}`,
    '',
  ].join('\n')
}
