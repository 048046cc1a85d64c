import type { Limit } from '../../../api/shapes.ts'
import type { Output } from '../../../output/output.ts'
import type { TableColumn } from '../../../output/table.ts'
import { tellSeconds } from './tell-policy.ts'

const columns: readonly TableColumn<Limit>[] = [
  { title: 'limit', value: ({ name }) => name },
  { title: 'left', value: ({ remaining }) => remaining, align: 'right' },
  { title: 'of', value: ({ limit }) => limit, align: 'right' },
  { title: 'within', value: ({ windowSeconds }) => tellSeconds(windowSeconds) },
  { title: 'full again in', value: ({ resetSeconds }) => tellSeconds(resetSeconds) },
]

/** Shows people what a key has left of its limits. */
export function showLimits(out: Output, limits: readonly Limit[]): void {
  out.table(columns, limits)
}
