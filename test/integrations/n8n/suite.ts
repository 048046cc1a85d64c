import { randomBytes } from 'node:crypto'
import { heldSessions } from '@momentry/shared/integrations/connections/sessions.ts'
import type { Account, Integration, MintedCredential } from '@momentry/shared/integrations/integration.ts'
import { createN8n } from '@momentry/shared/integrations/n8n/integration.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

export interface N8nTarget {
  url: string
  email: string
  password: string
}

/** A page of the largest size and a little more. */
const manyKeys = 253
const manyMs = 300_000
const day = 86_400_000

/**
 * Declares what must hold on any n8n, a real one or the test server. Everything that it makes there has a label with a
 * random part, and is deleted at the end, whatever failed. It signs in few times: n8n allows five a minute.
 */
export function describeN8n(title: string, open: () => Promise<N8nTarget> | N8nTarget): void {
  describe(title, () => {
    const prefix = `momentry-${randomBytes(4).toString('hex')}`
    let target: N8nTarget
    let n8n: Integration
    let account: Account

    const create = (label: string, scopes: string[], expiresAt?: Date): Promise<MintedCredential> =>
      account.create({ name: `${prefix}-${label}`, scopes, expiresAt })
    const ours = async () => (await account.list()).filter(({ name }) => name.startsWith(prefix))

    beforeAll(async () => {
      target = await open()
      n8n = createN8n({ server: target.url, timeoutMs: 30_000, now: Date.now })
      const { email, password } = target
      account = n8n.open({ credentials: { email, password }, sessions: heldSessions() })
    })
    afterAll(async () => {
      for (const { remoteId } of await ours()) await account.delete(remoteId)
      await account.close()
      await n8n.close()
    }, manyMs)

    it('makes a key, finds it in the list, asks about it and deletes it', async () => {
      const minted = await create('life', ['workflow:read', 'workflow:list'])
      expect(minted).toMatchObject({ name: `${prefix}-life`, scopes: ['workflow:list', 'workflow:read'] })
      expect(minted.hint).toBe(minted.secret.slice(-4))
      expect(minted.expiresAt).toBeUndefined()
      const { secret, createdAt, lastUsedAt, ...seen } = minted
      expect(createdAt).toBeInstanceOf(Date)
      expect(lastUsedAt).toBeUndefined()
      expect(await ours()).toEqual([expect.objectContaining(seen)])

      expect(await n8n.verify(secret)).toMatchObject({ outcome: 'valid', scopes: minted.scopes })
      expect(await account.delete(minted.remoteId)).toBe('deleted')
      expect(await n8n.verify(secret)).toMatchObject({ outcome: 'invalid' })
      expect(await account.delete(minted.remoteId)).toBe('gone')
      expect(await ours()).toEqual([])
    })

    it('keeps an expiry to the second', async () => {
      const at = new Date(Math.floor((Date.now() + day) / 1000) * 1000 + 750)
      const minted = await create('expiring', ['workflow:list'], at)
      const second = new Date(at.getTime() - 750)
      expect(minted.expiresAt).toEqual(second)
      expect((await ours())[0]?.expiresAt).toEqual(second)
      expect(await n8n.verify(minted.secret)).toMatchObject({ outcome: 'valid', expiresAt: second })
      await account.delete(minted.remoteId)
    })

    it('leaves the old key alone until it is deleted, and the new one after that', async () => {
      const old = await create('turn-1', ['workflow:list'])
      const next = await create('turn-2', old.scopes)
      expect(await n8n.verify(old.secret)).toMatchObject({ outcome: 'valid' })
      expect(await account.delete(old.remoteId)).toBe('deleted')
      expect(await n8n.verify(old.secret)).toMatchObject({ outcome: 'invalid' })
      expect(await n8n.verify(next.secret)).toMatchObject({ outcome: 'valid' })
      await account.delete(next.remoteId)
    })

    it('refuses a label that is taken, and leaves the key that has it', async () => {
      const first = await create('twice', ['workflow:list'])
      await expect(create('twice', ['tag:list'])).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await n8n.verify(first.secret)).toMatchObject({ outcome: 'valid' })
      await account.delete(first.remoteId)
    })

    it.each([
      ['a label that is too long', { name: 'x'.repeat(51), scopes: ['workflow:list'] }],
      ['an expiry that has passed', { name: 'late', scopes: ['workflow:list'], expiresAt: new Date(1) }],
      ['a scope that nobody has', { name: 'typo', scopes: ['workflow:lst'] }],
    ])("passes the server's word on about %s", async (_, input) => {
      const before = await account.list()
      await expect(account.create(input)).rejects.toMatchObject({ code: 'REMOTE_REFUSED' })
      expect(await account.list()).toEqual(before)
    })

    it('knows which scopes may be granted, and what may have been meant', async () => {
      expect(await account.checkScopes(['workflow:list', 'workflow:lst'])).toEqual([
        { scope: 'workflow:lst', suggestion: 'workflow:list' },
      ])
    })

    it('takes for invalid what no server has given out', async () => {
      for (const secret of ['n8n_api_0123', 'x', '', 'a b', 'line\r\nbreak: 1', 'kéy'])
        expect(await n8n.verify(secret)).toMatchObject({ outcome: 'invalid' })
    })

    it('is refused with a wrong password, and repeats none', async () => {
      const password = `No-${randomBytes(8).toString('hex')}1`
      const stranger = n8n.open({ credentials: { email: target.email, password } })
      const error = await stranger.list().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'REMOTE_CREDENTIALS_REFUSED' })
      expect(String(error)).not.toContain(password)
    })

    it('reads the list to its last page, and deletes all of it', { timeout: manyMs }, async () => {
      const made: string[] = []
      for (let count = 0; count < manyKeys; count++) made.push((await create(`many-${count}`, ['tag:list'])).remoteId)
      expect((await ours()).map(({ remoteId }) => remoteId).sort()).toEqual(made.toSorted())
      for (const remoteId of made) expect(await account.delete(remoteId)).toBe('deleted')
      expect(await ours()).toEqual([])
    })
  })
}
