import { type Severity, severities } from '../../anomalies/finding.ts'
import type { Message } from '../sender.ts'
import { oneLine } from './line.ts'
import { type ToldAlert, tellAlert } from './tell-alert.ts'

/** A message in words, for people. */
export interface ToldMessage {
  title: string
  /** The gravest of its alerts; undefined of a test. */
  severity: Severity | undefined
  alerts: readonly ToldAlert[]
  /** Alerts that belong to it beside those. */
  omitted: number
  /** Said where there are no alerts. */
  note: string | undefined
}

/** @param consoleUrl the base URL of the pages, where one is known */
export function tellMessage({ sink, alerts, omitted, test }: Message, consoleUrl: string | undefined): ToldMessage {
  const told = alerts.map(({ alert }) => tellAlert(alert, consoleUrl))
  const gravest = told.reduce<ToldAlert | undefined>((worst, each) => (isGraver(each, worst) ? each : worst), undefined)
  const others = told.length - 1 + omitted
  if (gravest === undefined) {
    const title = test ? `Test of the alert sink ${oneLine(sink.name, 100)}` : 'No alerts'
    const note = test
      ? 'Alerts of Momentry arrive here. Nothing has happened: somebody asked for this test.'
      : undefined
    return { title, severity: undefined, alerts: [], omitted, note }
  }
  const title = others > 0 ? `${gravest.title}, and ${others} more` : gravest.title
  return { title, severity: gravest.severity, alerts: told, omitted, note: undefined }
}

/** Of two that are equally grave the later one counts: it says how things are now. */
function isGraver(one: ToldAlert, other: ToldAlert | undefined): boolean {
  return other === undefined || severities.indexOf(one.severity) >= severities.indexOf(other.severity)
}
