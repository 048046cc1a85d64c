import { randomBytes } from 'node:crypto'
import { createN8n } from '@momentry/shared/integrations/n8n/integration.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { N8nTarget } from './suite.ts'

/** A server of one's own, in production, with a user beside its owner. */
export interface AccountsTarget extends N8nTarget {
  /** No owner, and with a second factor. */
  other: {
    email: string
    password: string
    /** The one-time code of now. */
    code(): string
  }
}

/** Declares what n8n does with accounts other than its owner's, and with too many sign-ins. */
export function describeN8nAccounts(title: string, open: () => Promise<AccountsTarget> | AccountsTarget): void {
  describe(title, () => {
    const name = `momentry-${randomBytes(4).toString('hex')}`
    const closers: (() => Promise<void>)[] = []
    let target: AccountsTarget
    beforeAll(async () => {
      target = await open()
    })
    afterAll(async () => {
      for (const close of closers.toReversed()) await close()
    })

    const signIn = (credentials: object) => {
      const n8n = createN8n({ server: target.url, timeoutMs: 30_000, now: Date.now })
      const account = n8n.open({ credentials })
      closers.push(async () => {
        await account.close()
        await n8n.close()
      })
      return account
    }

    it('wants a one-time code, and none but the right one', async () => {
      const { email, password } = target.other
      await expect(signIn({ email, password }).list()).rejects.toMatchObject({
        code: 'REMOTE_CREDENTIALS_REFUSED',
        message: 'n8n wants a one-time code of this account: MFA Error',
      })
      await expect(signIn({ email, password, mfaCode: 'not-it' }).list()).rejects.toMatchObject({
        code: 'REMOTE_CREDENTIALS_REFUSED',
        message: 'n8n refused the account: Invalid mfa token or recovery code',
      })
    })

    it("gives each account its own keys, its own labels and its role's scopes, the server's owner as well", async () => {
      const { email, password, code } = target.other
      const other = signIn({ email, password, mfaCode: code() })
      const owner = signIn({ email: target.email, password: target.password })
      const [theirs, ours] = [
        await other.create({ name, scopes: ['workflow:list'] }),
        await owner.create({ name, scopes: ['workflow:list'] }),
      ]
      const idsOf = async ({ list }: typeof owner) =>
        (await list()).filter((key) => key.name === name).map(({ remoteId }) => remoteId)
      expect(await idsOf(other)).toEqual([theirs.remoteId])
      expect(await idsOf(owner)).toEqual([ours.remoteId])
      expect(await other.delete(ours.remoteId)).toBe('gone')
      expect(await idsOf(owner)).toEqual([ours.remoteId])
      expect(await other.checkScopes(['user:create'])).toMatchObject([{ scope: 'user:create' }])
      expect(await owner.checkScopes(['user:create'])).toEqual([])
      expect(await other.delete(theirs.remoteId)).toBe('deleted')
      expect(await owner.delete(ours.remoteId)).toBe('deleted')
    })

    it('obeys where n8n wants fewer sign-ins of one address, whoever has it', async () => {
      const stranger = { email: `${name}@example.com`, password: 'Correct-horse-0' }
      for (let count = 0; count < 5; count += 1)
        await expect(signIn(stranger).list()).rejects.toMatchObject({ code: 'REMOTE_CREDENTIALS_REFUSED' })
      const busy = { code: 'REMOTE_BUSY', retryAfterSeconds: expect.toSatisfy((left) => left > 30 && left <= 60) }
      await expect(signIn(stranger).list()).rejects.toMatchObject(busy)
    })
  })
}
