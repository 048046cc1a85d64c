import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import type { RemoteAnswer } from '../http/remote-http.ts'
import type { RemoteCredential } from '../integration.ts'
import { normaliseScopes } from './scopes.ts'

/** Gitea's times before its own first year mean "not told": 0001-01-01, as Go writes its zero, and 1970. */
const firstTime = Date.UTC(2000, 0, 1)

/** undefined where it is absent, null, a zero, or no time. */
const time = z
  .unknown()
  .optional()
  .transform((value) => {
    const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
    return at >= firstTime ? new Date(at) : undefined
  })

/** Before 1.22.3 a new token's scopes may be null: undefined. */
const scopes = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? undefined)

const listedToken = z.object({
  id: z.int().min(1),
  name: z.string(),
  token_last_eight: z.string().nullish(),
  scopes,
  created_at: time,
  last_used_at: time,
})

export const listedTokensSchema = z.array(listedToken)

/** The answer of create. `sha1` is the token's value: 40 hexadecimal digits in all versions so far. */
export const newTokenSchema = listedToken.extend({ sha1: z.string().regex(/^[\x21-\x7e]{20,255}$/) })

/** `GET /token`, from 1.27 on. */
export const currentTokenSchema = z.object({
  id: z.int().min(1),
  name: z.string(),
  scopes,
  user: z.object({ login: z.string() }),
})

/** `GET /user`. */
export const userSchema = z.object({ login: z.string() })

/** Every error of Gitea's own; what stands before it (a proxy, another program) answers in other forms. */
export const errorSchema = z.object({ message: z.string() })

/**
 * Reads an answer.
 * @throws MomentryError `REMOTE_FAILED` where it is not what Gitea gives. Its text is not told, since it may hold a token
 */
export function readAnswer<T>(schema: z.ZodType<T>, answer: RemoteAnswer): T {
  const { success, data } = schema.safeParse(answer.body)
  if (success) return data
  throw new MomentryError('REMOTE_FAILED', `Gitea answered ${answer.status} with something else than its API gives`)
}

/** Puts a token of Gitea in Momentry's words. */
export function viewToken(token: z.output<typeof listedToken>): RemoteCredential {
  const { created_at: createdAt, last_used_at: touchedAt } = token
  return {
    remoteId: String(token.id),
    name: token.name,
    hint: token.token_last_eight ?? '',
    scopes: normaliseScopes(token.scopes ?? []),
    createdAt,
    // A new token counts as touched when it was made: it has been used only where it was touched later.
    lastUsedAt: touchedAt && createdAt && touchedAt > createdAt ? touchedAt : undefined,
  }
}
