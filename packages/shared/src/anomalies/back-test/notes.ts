import { backTestLimits, type RuleName } from './schemas.ts'

/** What the resolution of stored usage means for each rule, in words for operators. */
const resolution: Readonly<Record<RuleName, string>> = {
  high_request_rate:
    'high_request_rate: whole clock minutes are counted, where detection looks at every 60 s: a burst over the turn of ' +
    'a minute can be missed, at worst one of up to twice the threshold; `observed` may be lower than it was.',
  high_error_rate:
    'high_error_rate: five whole clock minutes are looked at together, where detection looks at every 300 s: a short ' +
    'peak can be missed, and one at the border of its threshold can be found that was not.',
  multiple_ips:
    'multiple_ips: of each address and hour only the first and the last use are kept, which is as exact as detection, ' +
    'but for events that came more than 5 minutes late.',
  unusual_time:
    'unusual_time: the habit is learnt from the usage that is stored before the range, and detection may remember more.',
}

/** Says what a run can miss, and what it left out. */
export function writeNotes(run: {
  rules: readonly RuleName[]
  habitDays: number
  withOwnThresholds: number
  moreKeys: boolean
  keysLeft: number
  moreAnomalies: boolean
  cut: boolean
}): string[] {
  const { habitDays, withOwnThresholds, keysLeft } = run
  const notes = run.rules.map((rule) => resolution[rule])
  if (run.rules.includes('unusual_time'))
    notes.push(`The ${habitDays} days before the range are what habits are learnt from.`)
  if (withOwnThresholds > 0)
    notes.push(`${withOwnThresholds} of the keys have thresholds of their own in their policy, which stand.`)
  if (run.moreKeys) notes.push(`Only the ${backTestLimits.keys} keys that were used last were looked at.`)
  if (keysLeft > 0)
    notes.push(`The time was up: ${keysLeft} keys were not looked at. Take a shorter range or fewer keys.`)
  if (run.moreAnomalies)
    notes.push(`Only the newest ${backTestLimits.anomalies} anomalies are listed; the counts are of all.`)
  if (run.cut) notes.push('A key had more addresses than one run takes: the newest of them were left out.')
  return notes
}
