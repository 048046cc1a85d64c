import { describe, expect, it } from 'vitest'
import { judgeAudit } from './judge-audit.ts'
import { judgeBackups } from './judge-backups.ts'
import type { BackupsReading } from './read-backups.ts'

describe('judgeBackups', () => {
  const nightly = '0 2 * * *'
  const now = Date.parse('2026-01-05T12:00:00Z')
  const at = (text: string) => Date.parse(`${text}:00Z`)
  const good: BackupsReading = {
    ...{ storage: '/backups', count: 3, damaged: [], installedAt: at('2025-12-01T00:00') },
    newestAt: at('2026-01-05T02:00'),
  }
  const bad = (change: Partial<BackupsReading>, schedule: string | undefined = nightly, when = now) =>
    judgeBackups({ ...good, ...change }, schedule, when)
      .filter(({ level }) => level !== 'ok')
      .map(({ check, level }) => `${check} ${level}`)

  it('judges the age of the newest by the schedule', () => {
    expect(bad({})).toEqual([])
    expect(bad({ newestAt: at('2026-01-05T01:59') })).toEqual(['backups.newest warning'])
    expect(bad({ newestAt: at('2026-01-04T01:59') })).toEqual(['backups.newest failed'])
    expect(bad({ newestAt: undefined })).toEqual(['backups.newest failed'])
  })

  it('lets one take an hour', () => {
    const newestAt = at('2026-01-04T02:00')
    expect(bad({ newestAt }, nightly, at('2026-01-05T02:59'))).toEqual([])
    expect(bad({ newestAt }, nightly, at('2026-01-05T03:01'))).toEqual(['backups.newest warning'])
  })

  it('waits for the first one of a new installation', () => {
    expect(bad({ newestAt: undefined, installedAt: at('2026-01-05T02:01') })).toEqual([])
    expect(bad({ newestAt: undefined, installedAt: undefined })).toEqual([])
  })

  it('wants one at all where none come by themselves', () => {
    const judged = (newestAt: number | undefined) => judgeBackups({ ...good, newestAt }, undefined, now)[0]?.level
    expect([judged(at('2020-01-01T00:00')), judged(undefined)]).toEqual(['ok', 'warning'])
  })

  it('finds damaged ones', () => {
    expect(bad({ damaged: [2] })).toEqual(['backups.damaged failed'])
  })
})

describe('judgeAudit', () => {
  it('names the first broken row', () => {
    expect(judgeAudit({ valid: true, rows: 9, from: '2026-01-05' })).toMatchObject({ level: 'ok' })
    const broken = { valid: false, rows: 7, firstBroken: 8, reason: 'this row was changed', from: undefined }
    expect(judgeAudit(broken)).toMatchObject({ level: 'failed', figure: 'row 8: this row was changed' })
  })
})
