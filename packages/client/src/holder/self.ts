import { z } from 'zod'
import type { Http } from '../http/http.ts'
import { askVerdict } from '../validation/ask.ts'
import type { Verdict } from '../validation/verdict.ts'
import { type EncryptedKey, encryptedKeySchema } from './decrypt.ts'

/** The answer of `POST /v1/keys/self/claim`: the successor, or the same encrypted to the key's registered public key. */
export type Claim = { secretVersion: number } & (
  | { key: string; encryptedKey?: undefined }
  | { key?: undefined; encryptedKey: EncryptedKey }
)

const claimSchema = z.union([
  z.object({ secretVersion: z.int(), key: z.string().min(1).max(500), encryptedKey: z.undefined().optional() }),
  z.object({ secretVersion: z.int(), key: z.undefined().optional(), encryptedKey: encryptedKeySchema }),
])

/** What a holder asks of Momentry about its own secret. Both can be asked as often as one likes. */
export interface Self {
  /** Is not a use of the key, but the first one of a successor all the same. @throws MomentryClientError */
  ask(secret: string): Promise<Verdict>
  /** Fetches the successor. @throws MomentryClientError `NOT_CLAIMABLE` (409) where there is none to be had */
  claim(secret: string): Promise<Claim>
}

export function createSelf(http: Http, signal: AbortSignal): Self {
  return {
    ask: (secret) => askVerdict(http, { key: secret, recordUsage: false }, signal),
    claim: async (secret) =>
      (await http.post(claimSchema, { path: '/v1/keys/self/claim', bearer: secret, signal })).value,
  }
}
