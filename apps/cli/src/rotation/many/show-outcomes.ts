import type { Output } from '../../output/output.ts'
import { asDocument, type Outcome, type Summary } from './outcome.ts'

/** Shows what became of many keys: counts, then each that was refused or failed, with its reason. */
export function showOutcomes(out: Output, outcomes: readonly Outcome[], summary: Summary): void {
  if (out.json) {
    out.document(asDocument(outcomes))
    return
  }
  for (const [name, count] of Object.entries(summary)) {
    if (count !== undefined) out.line(`${name.padEnd(9)}  ${count}`)
  }
  const bad = outcomes.flatMap((outcome) => {
    const reason = reasonOf(outcome)
    return reason === undefined ? [] : [{ ...outcome, reason }]
  })
  if (bad.length === 0) return
  out.line('')
  out.table(
    [
      { title: 'key', value: ({ keyId }) => keyId },
      { title: 'name', value: ({ keyName }) => keyName, flexible: true, optional: true },
      { title: 'reason', value: ({ reason }) => reason, flexible: true },
    ],
    bad,
  )
}

function reasonOf({ refusal, rotation }: Outcome): string | undefined {
  if (refusal !== undefined) return refusal
  if (rotation === undefined || rotation.state === 'completed') return undefined
  return `${rotation.state}: ${rotation.error ?? 'no reason is told'}`
}
