import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeKey } from '../../api/client.ts'
import { startProcess } from '../../support/processes/processes.ts'
import { type RotationHarness, startRotationHarness } from '../support.ts'
import { actionAlerts, readActions, readRotations, settled, tellFinding } from './findings.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await startRotationHarness()
})
afterAll(() => t.close())

it('an alerter that is killed acts once per anomaly, however often it is told', async () => {
  const make = () => makeKey(t.asRoot, { policy: { onAnomaly: 'rotate' } })
  const ids = (await Promise.all(Array.from({ length: 40 }, make))).map(({ id }) => id)
  const findings = await Promise.all(ids.map((keyId) => tellFinding(t.bench, { keyId })))
  await expect.poll(async () => (await readActions(t.bench, ids)).length, { interval: 2 }).toBeGreaterThan(0)
  t.alerter.kill('SIGKILL')
  await t.alerter.exited
  t.alerter = await startProcess('alerter', t.stores.env)
  // The same findings again, as after a death between telling of them and noting that.
  for (const finding of findings) await tellFinding(t.bench, finding)
  await settled(t.bench)
  const rows = await readActions(t.bench, ids)
  expect(rows.map(({ anomalyId }) => anomalyId).sort()).toEqual(findings.map(({ id }) => id).sort())
  for (const { keyId, anomalyId, rotationId } of rows) {
    const rotations = await readRotations(t, keyId)
    expect(rotations).toMatchObject([{ id: rotationId, kind: 'forced', anomalyId }])
    expect(rotations).toHaveLength(1)
    expect(actionAlerts(t.bench, keyId).length).toBeGreaterThan(0)
  }
})
