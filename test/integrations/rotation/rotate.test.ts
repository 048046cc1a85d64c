import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { codeOf } from '../../api/client.ts'
import { bodyOf, giteaPath } from '../harness.ts'
import { type RotationHarness, startRotationHarness } from './support.ts'

let t: RotationHarness
let connectionId: string
beforeAll(async () => {
  t = await startRotationHarness()
  connectionId = await t.connect()
})
afterAll(() => t.close())
beforeEach(() => t.gitea.clearFaults())

const tokenOf = (name: string) => t.gitea.tokens('ada').find((token) => token.name === name)?.value
const told = (credentialId: string) =>
  t.bench.alerts.filter(({ data }) => 'credentialId' in data && data.credentialId === credentialId)

describe('a rotation', () => {
  it('makes a new token, lets it be claimed, proves it, and deletes the old one after the grace', async () => {
    const { id, name, key } = await t.create({ connectionId })
    const rotationId = await t.request(id, { reason: 'yearly' })
    const drains = await t.reached(rotationId, 'draining')
    expect(drains).toMatchObject({ kind: 'manual', fromVersion: 1, toVersion: 2, oldRemoteName: name, error: null })
    expect(drains.newRemoteName).toMatch(/-[0-9a-f]{10}$/)
    expect([drains.createdThereAt, drains.handedOverAt, drains.verifiedAt]).not.toContain(null)
    const now = await t.read(id)
    expect(now).toMatchObject({ id, name, version: 2, remoteName: drains.newRemoteName, lastOutcome: 'valid' })

    const claimed = await t.claim(rotationId)
    expect(claimed).toBe(tokenOf(drains.newRemoteName))
    expect(await t.claim(rotationId)).toBe(claimed)
    expect(now.hint).toBe(claimed.slice(-8))
    // Within the grace both are there.
    expect(tokenOf(name)).toBe(key)

    await t.endGrace(rotationId)
    const done = await t.reached(rotationId, 'completed')
    expect(done.oldDeletedAt).not.toBeNull()
    expect(t.there()).toContain(drains.newRemoteName)
    expect(t.there()).not.toContain(name)
    await expect.poll(() => told(id).map(({ type }) => type)).toContain('credential.rotated')
  })

  it('keeps its parts as the results of its jobs', async () => {
    const { id } = await t.create({ connectionId })
    const rotationId = await t.request(id)
    const parts = async (jobId: string) => {
      const page = z.object({ data: z.array(z.looseObject({ processor: z.string(), status: z.string() })) })
      return page.parse((await t.asRoot('GET', `/v1/jobs/${jobId}/results`)).body).data
    }
    const jobs = z.object({ data: z.array(z.looseObject({ id: z.string(), data: z.record(z.string(), z.unknown()) })) })
    await t.reached(rotationId, 'draining')
    await t.endGrace(rotationId)
    await t.reached(rotationId, 'completed')
    const all = jobs.parse((await t.asRoot('GET', '/v1/jobs?queue=integration-rotations')).body).data
    const own = all.filter(({ data }) => data['rotationId'] === rotationId)
    const done = (await Promise.all(own.toReversed().map((job) => parts(job.id)))).flat()
    expect(done.map(({ processor }) => processor)).toEqual([
      'create-new',
      'hand-over',
      'verify-new',
      'tell-people',
      'delete-old',
    ])
    expect(new Set(done.map(({ status }) => status))).toEqual(new Set(['completed']))
    expect(JSON.stringify(done)).not.toContain(await t.claim(rotationId).catch(() => 'nothing'))
  })

  it('leaves no value in the clear, in no table, no queue and no log', async () => {
    const { id, key } = await t.create({ connectionId })
    const rotationId = await t.request(id, { reason: 'to look everywhere' })
    await t.reached(rotationId, 'draining')
    const everything = await t.everything()
    // What is looked through is what there is.
    for (const known of ['to look everywhere', rotationId, 'integration-rotations']) expect(everything).toContain(known)
    for (const secret of [key, await t.claim(rotationId), 'correct horse']) {
      expect(everything).not.toContain(secret)
      expect(everything).not.toContain(Buffer.from(secret).toString('base64'))
      expect(everything).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })

  it('names the next successor after the credential, and not after the one before', async () => {
    const { id, name } = await t.create({ connectionId })
    for (const version of [2, 3]) {
      const rotationId = await t.request(id, { graceSeconds: 0 })
      const { newRemoteName } = await t.reached(rotationId, 'completed')
      expect(newRemoteName).toMatch(new RegExp(`^${name}-[0-9a-f]{10}$`))
      expect(await t.read(id)).toMatchObject({ version, name })
    }
  })

  it('deletes the old one at once where it is forced, and only an operator has the new one', async () => {
    const { id, name } = await t.create({ connectionId })
    const rotationId = await t.request(id, { forced: true })
    const done = await t.reached(rotationId, 'completed')
    expect(done).toMatchObject({ kind: 'forced' })
    expect(Date.parse(done.oldDeletedAt ?? '')).toBeLessThanOrEqual(Date.parse(done.handedOverAt ?? ''))
    expect(t.there()).not.toContain(name)
    expect(await t.claim(rotationId)).toBe(tokenOf(done.newRemoteName))
  })

  it('gives the same one for the same request, and refuses others until it is over', async () => {
    const { id } = await t.create({ connectionId })
    t.gitea.inject({ kind: 'delay', ms: 300 }, { method: 'POST' })
    const first = await t.request(id)
    expect(await t.request(id)).toBe(first)
    await t.reached(first, 'draining')
    expect(await t.refused(id)).toBe('ROTATION_IN_PROGRESS')
    // An incident waits for nobody: the grace of the one before ends.
    const forced = await t.request(id, { forced: true })
    await t.reached(forced, 'completed')
    await t.reached(first, 'completed')
    expect(await t.read(id)).toMatchObject({ version: 3 })
  })

  it('does not take for a leftover what has taken over, where a worker died just then and an incident follows', async () => {
    const { id, name } = await t.create({ connectionId })
    const first = await t.request(id)
    const { jobId } = await t.reached(first, 'draining')
    // As a worker leaves it that dies between the switch and the end of its job.
    const { pool } = t.bench.postgres
    await pool.query("UPDATE integration_rotations SET state = 'running' WHERE id = $1", [first])
    await pool.query("UPDATE jobs SET state = 'running' WHERE id = $1", [jobId])
    const done = await t.reached(await t.request(id, { forced: true }), 'completed')
    await t.reached(first, 'completed')
    expect(t.there().filter((there) => there === name || there.startsWith(`${name}-`))).toEqual([done.newRemoteName])
    expect(await t.read(id)).toMatchObject({ version: 3, state: 'active', remoteName: done.newRemoteName })
  })

  it('takes a stored connection', async () => {
    const { id } = await t.create()
    expect(await t.refused(id)).toBe('CONNECTION_NEEDED')
  })

  it('waits for a system that is away, and goes on', async () => {
    const { id, name } = await t.create({ connectionId })
    t.gitea.inject({ kind: 'status', status: 503 }, { times: 4 })
    const rotationId = await t.request(id, { graceSeconds: 0 })
    await t.reached(rotationId, 'completed')
    expect(t.there().filter((there) => there === name || there.startsWith(`${name}-`))).toHaveLength(1)
  })

  it('fails where the account is refused, tells people, and can be tried again', async () => {
    const { id, name } = await t.create({ connectionId })
    t.gitea.inject(
      { kind: 'status', status: 401, body: { message: 'invalid username, password or token' } },
      { times: 6 },
    )
    const rotationId = await t.request(id, { graceSeconds: 0 })
    const failed = await t.reached(rotationId, 'failed')
    expect(failed.error).toMatch(/refused the account/)
    await expect.poll(() => told(id).map(({ type }) => type)).toContain('credential.rotation-failed')
    expect(t.there()).toContain(name)
    t.gitea.clearFaults()
    bodyOf(await t.asRoot('POST', `/v1/jobs/${failed.jobId}/retry`), 200)
    await t.reached(rotationId, 'completed')
  })

  it('leaves nothing there when it is cancelled', async () => {
    const { id, name } = await t.create({
      connectionId,
      policy: { handOver: { type: 'hook', name: 'there-is-none' } },
    })
    const rotationId = await t.request(id)
    await expect.poll(async () => (await t.rotation(rotationId)).createdThereAt).not.toBeNull()
    const { newRemoteName } = await t.rotation(rotationId)
    expect(t.there()).toContain(newRemoteName)
    // As it is while a worker is at it.
    await t.bench.postgres.pool.query('UPDATE integration_rotations SET enqueued_at = now() WHERE id = $1', [
      rotationId,
    ])
    bodyOf(await t.asRoot('POST', `/v1/integrations/rotations/${rotationId}/cancel`), 202)
    await expect.poll(() => t.there()).not.toContain(newRemoteName)
    expect(t.there()).toContain(name)
    expect(await t.read(id)).toMatchObject({ version: 1, state: 'active' })
    expect(codeOf(await t.asRoot('POST', `/v1/integrations/rotations/${rotationId}/secret`))).toBe('NOT_CLAIMABLE')
  })

  it('is stopped, and cleared away, where its credential is deleted', async () => {
    const { id, name } = await t.create({ connectionId })
    const rotationId = await t.request(id)
    const { newRemoteName } = await t.reached(rotationId, 'draining')
    bodyOf(await t.asRoot('DELETE', `${giteaPath}/${id}`), 200)
    expect(t.there()).not.toContain(name)
    expect(t.there()).not.toContain(newRemoteName)
    expect((await t.rotation(rotationId)).state).toBe('completed')
  })
})

describe('by itself', () => {
  it('rotates when the interval is over', async () => {
    const policy = { intervalSeconds: 3_600, graceSeconds: 30 }
    const { id, nextRotationAt } = await t.create({ connectionId, policy })
    expect(nextRotationAt).not.toBeNull()
    await t.bench.postgres.pool.query(
      "UPDATE gitea_tokens SET next_rotation_at = now() - interval '1 s' WHERE id = $1",
      [id],
    )
    await expect.poll(async () => (await t.read(id)).version).toBe(2)
    const again = await t.read(id)
    expect(Date.parse(again.nextRotationAt ?? '')).toBeGreaterThan(Date.now() + 3_000_000)
  })

  it('deletes there what has reached its expiry', async () => {
    const { id, name } = await t.create({ connectionId, expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
    await t.bench.postgres.pool.query("UPDATE gitea_tokens SET expires_at = now() - interval '1 s' WHERE id = $1", [id])
    await expect.poll(async () => (await t.read(id)).state).toBe('expired')
    expect(t.there()).not.toContain(name)
    await expect.poll(() => told(id).map(({ type }) => type)).toContain('credential.expired')
  })

  it('tells of an expiry that it cannot carry out', async () => {
    const { id, name } = await t.create({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
    await t.bench.postgres.pool.query("UPDATE gitea_tokens SET expires_at = now() - interval '1 s' WHERE id = $1", [id])
    await expect.poll(() => told(id).map(({ type }) => type)).toContain('credential.expiry-failed')
    expect(t.there()).toContain(name)
  })
})
