import type { Alert, AnomalyAlert } from '@momentry/shared/alerts/alert.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { describe, expect, it } from 'vitest'
import { type DeliverDeps, deliver } from './deliver.ts'

const keyId = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'
const id = '5b0c9f2e-1d3a-5e4f-9a6b-7c8d9e0f1a2b'
const about = { id, keyId, keyName: 'billing', keyType: 'service', severity: 'high', explanation: 'so' } as const
const timestamp = '2026-01-05T12:00:00.000Z'
const window = { start: timestamp, end: timestamp }
const anomaly: AnomalyAlert = {
  type: 'anomaly.detected',
  timestamp,
  data: { ...about, rule: 'multiple_ips', observed: 6, threshold: 5, window },
}
const acted: Alert = {
  type: 'policy.acted',
  timestamp,
  data: { ...about, anomalyId: id, action: 'disable', dryRun: false, rotationId: null },
}
const finding = {
  ...{ kind: 'opened', id, keyId, rule: 'multiple_ips', severity: 'high', observed: 6, threshold: 5 },
  ...{ window: { start: 1, end: 2 }, explanation: 'so' },
}

/** Delivers one entry and gives what was done, in order. */
async function run(fields: Record<string, string>, change: Partial<DeliverDeps> = {}): Promise<string[]> {
  const done: string[] = []
  const deps: DeliverDeps = {
    record: async () => anomaly,
    ended: async ({ rule }) => void done.push(`end ${rule}`),
    async keep(alert) {
      done.push(`keep ${alert.type}`)
      return alert
    },
    publish: async ({ type }) => void done.push(`tell ${type}`),
    act: async () => acted,
    acknowledge: async () => void done.push('acknowledge'),
    giveUpOn: async () => done.push('give up') > 0,
    metrics: { recorded: () => {}, told: () => {}, buried: () => {} },
    log: createLogger({ name: 'test', level: 'silent' }),
    ...change,
  }
  await deliver(deps, { id: '1-0', fields }).catch((error: Error) => done.push(error.message))
  return done
}
const told = ['keep anomaly.detected', 'tell anomaly.detected']
const fields = { finding: JSON.stringify(finding) }
const fail = (message: string) => async () => Promise.reject(new Error(message))

describe('deliver', () => {
  it('logs an anomaly and tells of it, then of what the policy did, then acknowledges', async () => {
    expect(await run(fields)).toEqual([...told, 'keep policy.acted', 'tell policy.acted', 'acknowledge'])
    expect(await run(fields, { act: async () => undefined })).toEqual([...told, 'acknowledge'])
  })

  it('tells what the log has, where it is told again', async () => {
    const keep = async () => acted
    expect(await run(fields, { keep, act: async () => undefined })).toEqual(['tell policy.acted', 'acknowledge'])
  })

  it('does what follows from the end of an anomaly, of which nobody is told', async () => {
    const over = { finding: JSON.stringify({ ...finding, kind: 'ended', endedAt: 3 }) }
    expect(await run(over, { record: async () => undefined })).toEqual(['end multiple_ips', 'acknowledge'])
  })

  it('passes on an alert that a worker made', async () => {
    const done = ['keep policy.acted', 'tell policy.acted', 'acknowledge']
    expect(await run({ alert: JSON.stringify(acted) })).toEqual(done)
  })

  it('keeps the entry while a store is away, and goes on where a policy cannot act', async () => {
    const away = 'Connection terminated unexpectedly'
    expect(await run(fields, { act: fail(away) })).toEqual([...told, away])
    expect(await run(fields, { act: fail('no such thing') })).toEqual([...told, 'acknowledge'])
    expect(await run(fields, { keep: fail('not now') })).toEqual(['not now'])
    expect(await run(fields, { publish: fail('not now') })).toEqual(['keep anomaly.detected', 'not now'])
  })

  it.each([{}, { finding: '{' }, { alert: '{"type":"unknown"}' }])('puts %o aside', async (unreadable) => {
    expect(await run(unreadable)).toEqual(['give up'])
  })
})
