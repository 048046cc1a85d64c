import { describe, expect, it } from 'vitest'
import { judgeQueues } from './judge-queues.ts'
import { judgeRows } from './judge-rows.ts'
import type { QueueReading } from './read-queues.ts'
import type { RowsReading } from './read-rows.ts'

const now = Date.parse('2026-01-05T12:00:00Z')

describe('judgeQueues', () => {
  const good: QueueReading = {
    ...{ name: 'upkeep', hasSchedules: true, isPaused: false, waiting: 1, active: 1, oldestActiveAt: now - 600_000 },
    failed: [{ name: 'prune', at: now - 3_600_000 }],
    schedules: [{ name: 'back-up', next: now - 60_000 }],
  }
  const bad = (change: Partial<QueueReading>, hasBackupSchedule = true) =>
    judgeQueues([{ ...good, ...change }], now, hasBackupSchedule)
      .filter(({ level }) => level !== 'ok')
      .map(({ check, level }) => `${check} ${level}`)

  it.each<[Partial<QueueReading>, string[]]>([
    [{}, []],
    [{ isPaused: true }, ['queues.upkeep failed']],
    [{ oldestActiveAt: now - 600_001 }, ['queues.upkeep warning']],
    [{ failed: [{ name: 'prune', at: now - 3_599_999 }] }, ['queues.upkeep warning']],
    [{ schedules: [] }, ['queues.schedules failed']],
    [{ schedules: [{ name: 'back-up', next: now - 60_001 }] }, ['queues.schedules failed']],
    [{ schedules: [{ name: 'prune', next: now }] }, ['queues.schedules warning']],
    [{ hasSchedules: false, schedules: [] }, []],
    [{ name: 'backups', hasSchedules: false, oldestActiveAt: 0 }, []],
  ])('judges %o', (change, expected) => {
    expect(bad(change)).toEqual(expected)
  })

  it('misses no schedule of backups that are not to come round', () => {
    expect(bad({ schedules: [{ name: 'prune', next: now }] }, false)).toEqual([])
  })
})

describe('judgeRows', () => {
  const good: RowsReading = {
    outbox: { count: 1, oldest: 9 },
    rotations: { count: 1, oldest: 59, orphans: 0 },
    rotationsElsewhere: { count: 1, oldest: 599, orphans: 0 },
    escrow: { overdue: 1, oldest: 59 },
    jobs: { silent: 0, failed: 0 },
    anomalies: [],
  }
  it.each<[Partial<RowsReading>, string[]]>([
    [{}, []],
    [{ outbox: { count: 1, oldest: 10 } }, ['work.changes warning']],
    [{ outbox: { count: 1, oldest: 60 } }, ['work.changes failed']],
    [{ rotations: { count: 1, oldest: 60, orphans: 0 } }, ['work.rotations warning']],
    [{ rotations: { count: 1, oldest: 0, orphans: 1 } }, ['work.rotations failed']],
    [{ rotationsElsewhere: { count: 1, oldest: 90_000, orphans: 0 } }, ['work.rotations-elsewhere failed']],
    [{ escrow: { overdue: 1, oldest: 3_600 } }, ['work.escrow failed']],
    [{ jobs: { silent: 1, failed: 0 } }, ['work.jobs warning']],
    [{ jobs: { silent: 0, failed: 1 } }, ['work.jobs warning']],
    [{ anomalies: [{ severity: 'high', count: 2 }] }, ['work.anomalies information']],
  ])('judges %o', (change, expected) => {
    const findings = judgeRows({ ...good, ...change }).filter(({ level }) => level !== 'ok')
    expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual(expected)
  })
})
