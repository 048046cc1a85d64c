import { randomBytes } from 'node:crypto'
import { createGitea } from '@momentry/shared/integrations/gitea/integration.ts'
import type { Account, Integration, MintedCredential } from '@momentry/shared/integrations/integration.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

export interface GiteaTarget {
  url: string
  username: string
  password: string
  otp?: string | undefined
}

/** Two pages and a little more of the largest size; each takes a password check there, which is slow on purpose. */
const manyTokens = 103
const manyMs = 300_000

/**
 * Declares what must hold on any Gitea, a real one or the test server. Everything that it makes there has a name with a
 * random part, and is deleted at the end, whatever failed.
 */
export function describeGitea(title: string, open: () => Promise<GiteaTarget> | GiteaTarget): void {
  describe(title, () => {
    const prefix = `momentry-suite-${randomBytes(4).toString('hex')}`
    let target: GiteaTarget
    let gitea: Integration
    let account: Account

    const accountOf = (change: Partial<GiteaTarget>, owner?: string): Account => {
      const { username, password, otp } = { ...target, ...change }
      return gitea.open({ credentials: { username, password, ...(otp === undefined ? {} : { otp }) }, owner })
    }
    const create = (name: string, scopes: string[]): Promise<MintedCredential> =>
      account.create({ name: `${prefix}-${name}`, scopes })
    const ours = async () => (await account.list()).filter(({ name }) => name.includes(prefix))

    beforeAll(async () => {
      target = await open()
      gitea = createGitea({ server: target.url, timeoutMs: 30_000, now: Date.now })
      account = accountOf({})
    })
    afterAll(async () => {
      for (const { remoteId } of await ours()) await account.delete(remoteId)
      await account.close()
      await gitea.close()
    }, manyMs)

    it('makes a token, finds it in the list, asks about it and deletes it', async () => {
      const minted = await create('life', ['read:user', 'write:issue', 'read:issue', 'read:user'])
      expect(minted).toMatchObject({ name: `${prefix}-life`, scopes: ['write:issue', 'read:user'] })
      expect(minted.secret).toMatch(/^[0-9a-f]{40}$/)
      expect(minted.hint).toBe(minted.secret.slice(-8))
      const { secret, createdAt, lastUsedAt, ...seen } = minted
      // The answer holds zeros for both.
      expect([createdAt, lastUsedAt]).toEqual([undefined, undefined])
      expect(await ours()).toEqual([expect.objectContaining(seen)])

      const verified = await gitea.verify(secret)
      expect(verified).toMatchObject({ outcome: 'valid', owner: target.username.toLowerCase() })
      expect([undefined, minted.remoteId]).toContain(verified.remoteId)

      expect(await account.delete(minted.remoteId)).toBe('deleted')
      expect(await gitea.verify(secret)).toMatchObject({ outcome: 'invalid' })
      expect(await account.delete(minted.remoteId)).toBe('gone')
      expect(await ours()).toEqual([])
    })

    it('leaves the old token alone until it is deleted, and the new one after that', async () => {
      const old = await create('turn-1', ['read:user'])
      const next = await create('turn-2', old.scopes)
      expect(await gitea.verify(old.secret)).toMatchObject({ outcome: 'valid' })
      expect(await gitea.verify(next.secret)).toMatchObject({ outcome: 'valid' })
      expect(await account.delete(old.remoteId)).toBe('deleted')
      expect(await gitea.verify(old.secret)).toMatchObject({ outcome: 'invalid' })
      expect(await gitea.verify(next.secret)).toMatchObject({ outcome: 'valid' })
      expect(await account.delete(next.remoteId)).toBe('deleted')
    })

    it('takes a token without the scope of asking for valid or narrow, as the version can tell', async () => {
      const { secret, remoteId } = await create('narrow', ['read:misc'])
      // Versions that have this route tell all about a token, whatever its scopes.
      const { ok } = await fetch(`${target.url}/api/v1/token`, { headers: { authorization: `token ${secret}` } })
      expect((await gitea.verify(secret)).outcome).toBe(ok ? 'valid' : 'narrow')
      await account.delete(remoteId)
    })

    it('refuses a name that is taken, and leaves the token that has it', async () => {
      const first = await create('twice', ['read:user'])
      await expect(create('twice', ['read:misc'])).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('used already'),
      })
      expect(await gitea.verify(first.secret)).toMatchObject({ outcome: 'valid' })
      await account.delete(first.remoteId)
    })

    it("passes the server's word on about a scope that it does not know", async () => {
      const message = expect.stringMatching(/scope.*read:usr/)
      await expect(create('typo', ['read:usr'])).rejects.toMatchObject({ code: 'REMOTE_REFUSED', message })
      expect(await account.checkScopes(['read:user', 'read:usr'])).toEqual([
        { scope: 'read:usr', suggestion: 'read:user' },
      ])
      expect(await ours()).toEqual([])
    })

    it('gives all scopes as "all"', async () => {
      const { remoteId, scopes } = await create('all', ['read:user', 'all'])
      expect(scopes).toEqual(['all'])
      expect((await ours()).map((token) => token.scopes)).toEqual([['all']])
      await account.delete(remoteId)
    })

    it('is refused with a wrong password, whatever it wants, and repeats none', async () => {
      const password = `no-${randomBytes(8).toString('hex')}`
      const stranger = accountOf({ password })
      const { remoteId } = await create('kept', ['read:user'])
      const attempts = [
        () => stranger.create({ name: `${prefix}-stranger`, scopes: ['read:user'] }),
        () => stranger.list(),
        () => stranger.delete(remoteId),
      ]
      for (const attempt of attempts) {
        const error = await attempt().then(
          () => undefined,
          (reason: unknown) => reason,
        )
        expect(error).toMatchObject({ code: 'REMOTE_CREDENTIALS_REFUSED' })
        expect(String(error)).not.toContain(password)
      }
      expect((await ours()).map((token) => token.remoteId)).toEqual([remoteId])
      await account.delete(remoteId)
    })

    it('cannot act for a user whom nobody knows', async () => {
      const nobody = accountOf({}, `momentry-${randomBytes(6).toString('hex')}`)
      await expect(nobody.create({ name: `${prefix}-nobody`, scopes: ['read:user'] })).rejects.toMatchObject({
        code: 'REMOTE_REFUSED',
      })
      await expect(nobody.list()).rejects.toMatchObject({ code: 'REMOTE_REFUSED' })
    })

    it('deletes the token that is meant where the name of another looks like its id', async () => {
      const meant = await create('meant', ['read:user'])
      const alike = await account.create({ name: `0x${Number(meant.remoteId).toString(16)}`, scopes: ['read:user'] })
      try {
        expect(await account.delete(alike.remoteId)).toBe('deleted')
        expect(await gitea.verify(meant.secret)).toMatchObject({ outcome: 'valid' })
        expect(await gitea.verify(alike.secret)).toMatchObject({ outcome: 'invalid' })
      } finally {
        await account.delete(alike.remoteId)
      }
      await account.delete(meant.remoteId)
    })

    it('keeps names as they are: spaces, signs and other scripts', async () => {
      const { remoteId, name } = await create('ключ "a/b" ?%2f #é', ['read:user'])
      expect((await ours()).map((token) => token.name)).toEqual([name])
      await account.delete(remoteId)
    })

    it('takes for invalid what no server has given out', async () => {
      for (const secret of ['0'.repeat(40), 'x', '', 'a b', 'line\r\nbreak: 1', 'kéy'])
        expect(await gitea.verify(secret)).toMatchObject({ outcome: 'invalid' })
    })

    it('reads the list to its last page, and deletes all of it', { timeout: manyMs }, async () => {
      const made: string[] = []
      for (let count = 0; count < manyTokens; count++)
        made.push((await create(`many-${count}`, ['read:misc'])).remoteId)
      expect((await ours()).map(({ remoteId }) => remoteId).sort()).toEqual(made.toSorted())
      for (const remoteId of made) expect(await account.delete(remoteId)).toBe('deleted')
      expect(await ours()).toEqual([])
    })
  })
}
