import { type Finding, type FindingLevel, findingLevels } from '@momentry/shared/doctor/finding.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import type { Style } from '../output/style.ts'

const styles: Readonly<Record<FindingLevel, Style>> = {
  ok: 'green',
  information: 'dim',
  warning: 'yellow',
  failed: 'red',
}

/** Shows what was found, each with what to do about it, and how much of each there is. */
export function showFindings(out: Output, findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ check }) => check.length))
  for (const { check, level, figure, advice } of findings) {
    const name = level === 'information' ? 'info' : level
    out.line(`${out.style(styles[level], name.padEnd(7))}  ${check.padEnd(width)}  ${printable(figure)}`)
    if (advice !== undefined) out.line(`${' '.repeat(9)}${out.style('dim', '→')} ${printable(advice)}`)
  }
  const counts = countLevels(findings)
  out.line(`${findings.length} checks: ${findingLevels.map((level) => `${counts[level]} ${level}`).join(', ')}.`)
}

export function countLevels(findings: readonly Finding[]): Record<FindingLevel, number> {
  const counts = { ok: 0, information: 0, warning: 0, failed: 0 }
  for (const { level } of findings) counts[level] += 1
  return counts
}
