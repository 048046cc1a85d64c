import { expect } from 'vitest'
import { makeKey } from '../../api/client.ts'
import { eventually, type Fleet } from './fleet.ts'

/** A key, and the one rotation of it. */
export interface Case {
  kind: 'manual' | 'forced'
  keyId: string
  old: string
  rotationId: string
  jobId: string
}

/** Asks for a rotation of a key. */
export async function queueCase(f: Fleet, { id, key }: { id: string; key: string }, kind: Case['kind']): Promise<Case> {
  const rotationId = await f.request(id, { forced: kind === 'forced' })
  const { jobId } = await f.read(rotationId)
  return { kind, keyId: id, old: key, rotationId, jobId }
}

/** Makes a key whose secret each api has cached, and asks for a rotation of it. */
export async function queueNew(f: Fleet, kind: Case['kind']): Promise<Case> {
  const key = await makeKey(f.asRoot)
  expect(await f.validate(key.key)).toEqual(['VALID', 'VALID'])
  return queueCase(f, key, kind)
}

/** The alerts that told of a rotation, of one type. */
export const alertsOf = (f: Fleet, { rotationId }: Case, type = 'rotation.completed') =>
  f.bench.alerts.filter(
    (alert) => alert.type === type && 'rotationId' in alert.data && alert.data.rotationId === rotationId,
  )

/** The same by the log, since whoever listens hears nothing while Redis is away. */
async function loggedOf(f: Fleet, { rotationId }: Case): Promise<unknown[]> {
  const { rows } = await f.bench.postgres.pool.query(
    `SELECT FROM alert_log WHERE type = 'rotation.completed' AND alert -> 'data' ->> 'rotationId' = $1`,
    [rotationId],
  )
  return rows
}

/**
 * Waits for a rotation's end and checks that it happened once and whole: one successor, people told, the old secret as
 * its kind promises, on each api.
 */
export async function expectDone(f: Fleet, each: Case): Promise<void> {
  const { keyId, kind, old, rotationId, jobId } = each
  await eventually(async () => (await f.job(jobId)).state).toBe('completed')
  expect(await f.rotationsOf(keyId)).toMatchObject([{ id: rotationId, kind, state: 'completed', toVersion: 2 }])
  expect(await f.versionsOf(keyId)).toEqual([1, 2])
  await eventually(() => loggedOf(f, each)).toHaveLength(1)
  const verdict = kind === 'forced' ? 'ROTATED' : 'VALID'
  await eventually(() => f.validate(old)).toEqual([verdict, verdict])
}

/** Checks that nothing is left to tell, and that no audit row is missing. */
export async function expectTidy(f: Fleet): Promise<void> {
  await eventually(() => f.outbox()).toBe(0)
  expect((await f.asRoot('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true })
}
