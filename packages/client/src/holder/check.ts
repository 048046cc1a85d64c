import { MomentryClientError } from '../errors.ts'
import { isGood, type Verdict } from '../validation/verdict.ts'
import type { Decrypt } from './decrypt.ts'
import type { Claim, Self } from './self.ts'
import { loadSecret, type SecretStore } from './store.ts'

export interface Held {
  secret: string
  secretVersion: number
}

export interface CheckDeps {
  self: Self
  decrypt: Decrypt
  store: SecretStore
}

/**
 * Checks a secret that is in use, and gets its successor where there is one. The order is what makes it safe:
 *
 * 1. The successor is claimed. Nothing has changed yet; Momentry gives it again as often as it is asked.
 * 2. It is SAVED. A process that dies before starts again with the old secret, and claims again; so does one whose
 *    `save` fails.
 * 3. It is used for the first time, by asking Momentry about it. With that Momentry destroys its own copy, and only
 *    what was saved is left.
 * 4. It is returned, to be used from now on. That is so as well where step 3 got no answer: it came from Momentry.
 *
 * Where step 3 says that the successor is no good, which should never be, the old secret stays in use and is checked again
 * later. The stored one is left alone: it may be good by then, and a successor that was used somewhere is stored nowhere
 * else. If the process starts again before, it starts with the stored one.
 *
 * @returns the secret to use from now on; undefined where it is the same
 * @throws MomentryClientError where there is no verdict, or none that a program can mend; what `load` and `save` throw
 */
export async function findSuccessor(deps: CheckDeps, secret: string): Promise<Held | undefined> {
  const verdict = await deps.self.ask(secret)
  if (isGood(verdict) && !verdict.rotation) return undefined
  const claimed = isGood(verdict) && verdict.rotation?.claimable ? await claim(deps, secret) : undefined
  return claimed ? take(deps, claimed) : adoptStored(deps, secret, verdict)
}

/** @returns undefined where there is nothing (any more) to be claimed with this secret */
async function claim({ self, decrypt }: CheckDeps, secret: string): Promise<Held | undefined> {
  const answer = await self.claim(secret).catch((error: unknown): undefined => {
    if (!(error instanceof MomentryClientError) || (error.status !== 409 && error.status !== 401)) throw error
  })
  return answer && { secret: await open(decrypt, answer), secretVersion: answer.secretVersion }
}

async function open(decrypt: Decrypt, { key, encryptedKey }: Claim): Promise<string> {
  const secret = encryptedKey === undefined ? key : await decrypt(encryptedKey)
  if (/^[\x21-\x7e]{1,500}$/.test(secret)) return secret
  throw new MomentryClientError('protocol', 'the claimed secret is none')
}

async function take({ self, store }: CheckDeps, claimed: Held): Promise<Held> {
  await store.save(claimed.secret)
  const verdict = await self.ask(claimed.secret).catch(() => undefined)
  if (!verdict || isGood(verdict)) return claimed
  const message = `the claimed secret is refused (${verdict.code}); the old one stays in use`
  throw new MomentryClientError('protocol', message, { code: verdict.code })
}

/** Another process that shares the store may have claimed already. A stored secret is taken where it is the better one. */
async function adoptStored({ self, store }: CheckDeps, secret: string, verdict: Verdict): Promise<Held> {
  const stored = await loadSecret(store)
  const found = stored === secret ? undefined : await self.ask(stored)
  if (found?.valid && (!verdict.valid || found.secretVersion > verdict.secretVersion))
    return { secret: stored, secretVersion: found.secretVersion }
  if (!verdict.valid) throw refusal(verdict.code, `the secret is refused (${verdict.code})`)
  const until = `stops working at ${verdict.rotation?.graceEndsAt}`
  throw refusal(
    'NOT_CLAIMABLE',
    `the secret ${until}, and its successor cannot be claimed: an operator has to fetch it`,
  )
}

function refusal(code: string, message: string): MomentryClientError {
  return new MomentryClientError('refused', message, { code })
}
