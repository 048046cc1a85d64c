import { z } from 'zod'
import type { Output } from '../../output/output.ts'
import type { TableColumn } from '../../output/table.ts'

/** Thresholds by name, as the API has them, with what each is for. */
export const thresholds = {
  requestsPerMinute: 'requests in any 60 s',
  errorRate: 'share of failed requests in any 5 min, above 0 and up to 1',
  errorMinRequests: 'requests that those 5 min hold at the least',
  ipsPerHour: 'different addresses in any 60 min',
  timeMaxShare: 'share of the history that an unusual hour may hold, above 0 and up to 1',
  timeMinDays: 'days of history before hours are judged',
  timeMinHistory: 'requests of history before hours are judged',
  timeMinRequests: 'requests in an unusual hour at the least',
} as const

export type ThresholdName = keyof typeof thresholds

/** Tells whether a text names a threshold. */
export function isThresholdName(text: string): text is ThresholdName {
  return Object.hasOwn(thresholds, text)
}

export const thresholdNames = Object.keys(thresholds).filter(isThresholdName)

const values = z.record(z.string(), z.number())

export const settingsSchema = z.looseObject({
  anomaly: z.looseObject({
    thresholds: values,
    defaults: values,
    overridden: z.array(z.string()),
    updatedAt: z.string().max(40).nullable(),
    updatedBy: z.string().nullable(),
  }),
})
export type Settings = z.infer<typeof settingsSchema>

type Row = { name: ThresholdName; settings: Settings['anomaly'] }

const columns: readonly TableColumn<Row>[] = [
  { title: 'threshold', value: ({ name }) => name },
  { title: 'in force', value: ({ name, settings }) => settings.thresholds[name], align: 'right' },
  { title: 'environment', value: ({ name, settings }) => settings.defaults[name], align: 'right' },
  { title: 'set', value: ({ name, settings }) => (settings.overridden.includes(name) ? 'yes' : '') },
  { title: 'of', value: ({ name }) => thresholds[name] },
]

/** Shows the thresholds, as a table or as the API gave them. */
export function showSettings(out: Output, settings: Settings): void {
  if (out.json) {
    out.document(settings)
    return
  }
  const rows = thresholdNames.map((name) => ({ name, settings: settings.anomaly }))
  out.table(columns, rows)
  const { updatedAt, updatedBy } = settings.anomaly
  if (updatedAt) out.note(`set at ${updatedAt.slice(0, 19).replace('T', ' ')} UTC by ${updatedBy ?? 'Momentry'}`)
}
