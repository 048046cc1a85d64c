import type { Finding } from '../finding.ts'
import type { AuditReading } from './read-audit.ts'

export function judgeAudit({ valid, rows, firstBroken, reason, from }: AuditReading): Finding {
  const check = 'audit.log'
  const span = from === undefined ? 'from its beginning' : `since ${from}`
  if (valid) return { check, level: 'ok', figure: `${rows} rows ${span} are as they were written` }
  return {
    check,
    level: 'failed',
    figure: `row ${firstBroken}: ${reason}`,
    advice: 'run `momentry audit verify`; keep a copy of the database before anything else, and see docs/audit.md',
  }
}
