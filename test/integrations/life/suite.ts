import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { codeOf } from '../../api/client.ts'
import { type Harness, startHarness } from '../../api/harness.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { bodyOf, credentialSchema } from '../harness.ts'

/** A system, a real one or a test server, and an account on it. */
export interface Target {
  system: 'gitea' | 'n8n'
  collection: 'tokens' | 'keys'
  /** What a process needs to find it. */
  env: Record<string, string>
  credentials: object
  owner: string
  scopes: string[]
  /** The body of a creation, in the system's words. */
  bodyOf(input: { name: string; scopes: string[] }): object
}

const createdSchema = credentialSchema.extend({ key: z.string() })
const rotationSchema = z.looseObject({ state: z.string(), oldRemoteName: z.string(), newRemoteName: z.string() })
const deliverySchema = z.object({ key: z.string(), credentialId: z.string(), version: z.number() })
const reconciledSchema = z.looseObject({
  data: z.array(credentialSchema),
  unknown: z.array(z.looseObject({ name: z.string(), remoteId: z.string() })),
  gone: z.array(credentialSchema),
})

/** Declares the life of a credential from the API on, with a worker at work, on any server of a system. */
export function describeLife(title: string, open: () => Promise<Target> | Target): void {
  describe(title, () => {
    const prefix = `momentry-${randomBytes(4).toString('hex')}`
    let target: Target
    let t: Harness
    let worker: TestProcess
    let base: string
    let connectionId: string

    beforeAll(async () => {
      target = await open()
      base = `/v1/integrations/${target.system}/${target.collection}`
      t = await startHarness(target.env)
      worker = await startProcess('worker', { ...t.stores.env, ...target.env })
      const body = { system: target.system, name: 'ops', credentials: target.credentials }
      const stored = await t.asRoot('POST', '/v1/integrations/connections', { body })
      connectionId = z.looseObject({ id: z.string() }).parse(bodyOf(stored, 201)).id
    })
    afterAll(async () => {
      // Whatever failed, nothing stays on a real server.
      const ours = ({ name }: { name: string }) => name.startsWith(prefix)
      const adopt = (await reconcile()).unknown.filter(ours).map(({ remoteId }) => remoteId)
      for (const { id } of (await reconcile({ adopt })).data.filter(ours)) await t.asRoot('DELETE', `${base}/${id}`)
      await worker.stop()
      await t.close()
    })

    const create = async (name: string, input: object = {}) => {
      const body = { ...target.bodyOf({ name: `${prefix}-${name}`, scopes: target.scopes }), connectionId, ...input }
      return createdSchema.parse(bodyOf(await t.asRoot('POST', base, { body }), 201))
    }
    const read = async (id: string) => credentialSchema.parse(bodyOf(await t.asRoot('GET', `${base}/${id}`), 200))
    const verify = async (key: string) =>
      z
        .looseObject({ outcome: z.string() })
        .parse(bodyOf(await t.asRoot('POST', `${base}/verify`, { body: { key } }), 200)).outcome
    const reconcile = async (input: object = {}) =>
      reconciledSchema.parse(
        bodyOf(await t.asRoot('POST', `${base}/reconcile`, { body: { connectionId, ...input } }), 200),
      )
    const rotate = async (id: string, body: object, ...states: string[]) => {
      const queued = bodyOf(await t.asRoot('POST', `${base}/${id}/rotate`, { body }), 202)
      const { rotationId } = z.object({ rotationId: z.string(), status: z.string() }).parse(queued)
      const path = `/v1/integrations/rotations/${rotationId}`
      const show = async () => rotationSchema.parse(bodyOf(await t.asRoot('GET', path), 200))
      await expect.poll(async () => (await show()).state).toBeOneOf(states)
      return { path, ...(await show()) }
    }

    it('makes one by credentials that are given this once', async () => {
      const made = await create('once', { connectionId: undefined, credentials: target.credentials })
      expect(made).toMatchObject({ owner: target.owner, state: 'active', connectionId: null })
      expect(await verify(made.key)).toBe('valid')
      const body = { credentials: target.credentials }
      expect(bodyOf(await t.asRoot('POST', `${base}/${made.id}/delete`, { body }), 200)).toMatchObject({
        outcome: 'deleted',
      })
      expect(await verify(made.key)).toBe('invalid')
    })

    it('says what may have been meant by a scope', async () => {
      const [scope = ''] = target.scopes
      const typo = scope.replace(/(.)$/, '$1$1')
      const body = { ...target.bodyOf({ name: `${prefix}-typo`, scopes: [typo] }), connectionId }
      const answer = await t.asRoot('POST', base, { body })
      expect(codeOf(answer)).toBe('VALIDATION_FAILED')
      expect(answer.text).toContain(`did you mean ${scope}?`)
    })

    it('deletes by any account, frees the name, and knows what is gone', async () => {
      const { id, key, name, remoteId } = await create('drift')
      await t.asRoot('PATCH', `${base}/${id}`, { body: { connectionId: null } })
      expect((await reconcile()).unknown.map((remote) => remote.name)).not.toContain(name)
      bodyOf(await t.asRoot('POST', `${base}/${id}/delete`, { body: { connectionId } }), 200)
      const again = await create('drift')
      expect(again.remoteId).not.toBe(remoteId)
      expect(await verify(key)).toBe('invalid')
      expect(await verify(again.key)).toBe('valid')
      bodyOf(await t.asRoot('DELETE', `${base}/${again.id}`), 200)
      expect(bodyOf(await t.asRoot('DELETE', `${base}/${again.id}`), 200)).toMatchObject({ outcome: 'gone' })
    })

    it('rotates: both values work within the grace, and the new one alone after it', async () => {
      const { id, key, name } = await create('turn')
      const drains = await rotate(id, { reason: 'yearly' }, 'draining')
      const claimed = deliverySchema.parse(bodyOf(await t.asRoot('POST', `${drains.path}/secret`), 200))
      expect(claimed).toMatchObject({ credentialId: id, version: 2 })
      expect(await verify(key)).toBe('valid')
      expect(await verify(claimed.key)).toBe('valid')
      expect((await reconcile()).unknown.map((remote) => remote.name)).not.toContain(drains.newRemoteName)

      bodyOf(await t.asRoot('PATCH', drains.path, { body: { graceSeconds: 0 } }), 200)
      await expect.poll(() => verify(key), { interval: 100 }).toBe('invalid')
      expect(await verify(claimed.key)).toBe('valid')
      expect(await read(id)).toMatchObject({ name, version: 2, state: 'active', remoteName: drains.newRemoteName })
    })

    it('rotates by force: the old value is dead as soon as there is a new one', async () => {
      const { id, key } = await create('forced')
      const done = await rotate(id, { forced: true }, 'completed')
      expect(await verify(key)).toBe('invalid')
      const { key: next } = deliverySchema.parse(bodyOf(await t.asRoot('POST', `${done.path}/secret`), 200))
      expect(await verify(next)).toBe('valid')
    })
  })
}
