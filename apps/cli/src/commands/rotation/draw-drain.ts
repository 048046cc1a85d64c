import type { RotationUsage, UsagePart } from '../../api/shapes/rotation.ts'
import { barChart } from '../../output/chart.ts'
import { tellDistance } from '../../output/duration.ts'

/**
 * Draws how far a key's users have come over to the new secret: a bar for each of the two, and when and from where the
 * old one was last used.
 * @param now milliseconds since 1970
 */
export function drawDrain({ old, new: next }: RotationUsage, width: number, now: number): string[] {
  const total = old.requests + next.requests
  if (total === 0) return ['Neither secret was used since the rotation.']
  const points = [barOf('old secret', old), barOf('new secret', next)]
  const share = Math.floor((next.requests / total) * 100)
  return [
    `${share} % of ${total} requests since the rotation came with the new secret`,
    ...barChart(points, Math.max(10, width - 50)),
    lastUse(old, now),
  ]
}

function barOf(name: string, { version, requests, refused }: UsagePart) {
  const label = `${name} (version ${version})`
  return { label, value: requests, ...(refused > 0 && { note: `${refused} refused` }) }
}

function lastUse({ lastUsedAt, lastAddress }: UsagePart, now: number): string {
  if (!lastUsedAt) return 'The old secret was not used since the rotation.'
  const from = lastAddress ? ` from ${lastAddress}` : ''
  return `The old secret was last used at ${lastUsedAt} (${tellDistance(lastUsedAt, now)})${from}.`
}
