import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import type { RemoteAnswer } from '../http/remote-http.ts'
import type { RemoteCredential } from '../integration.ts'

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** An API key as a list has it. n8n counts an expiry in seconds since 1970. */
const listedKey = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  label: z.string(),
  scopes: z.array(z.string()).nullish(),
  /** Stars, and the end of the value. */
  apiKey: z.string(),
  expiresAt: z.int().min(0).max(253_402_300_799).nullish(),
  createdAt: time.optional().catch(undefined),
  lastUsedAt: time.nullish().catch(undefined),
  userId: z.string().optional(),
  owner: z.object({ email: z.string() }).optional(),
})
export type ListedKey = z.output<typeof listedKey>

/** Of create: the value comes once, as `rawApiKey`. */
export const newKeySchema = listedKey.extend({ rawApiKey: z.string().regex(/^[\x21-\x7e]{20,4000}$/) })

/** A page of keys; older versions answer a plain list of all. */
export const keyPageSchema = z.union([
  z.array(listedKey).transform((items) => ({ items, isAll: true })),
  z.object({ items: z.array(listedKey) }).transform(({ items }) => ({ items, isAll: false })),
])

export const scopeListSchema = z.array(z.string())

/** `GET /api/v1/discover`. */
export const discoverSchema = z.object({ data: z.object({ scopes: z.array(z.string()) }) })

/** `GET /api/v1/workflows`. */
export const workflowsSchema = z.object({ data: z.array(z.unknown()) })

/** The three forms of its errors: its own, a session's, and a zod issue. */
export const errorSchema = z.object({
  message: z.string(),
  code: z.union([z.number(), z.string()]).optional(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
})

const wrapped = z.object({ data: z.unknown() })

/**
 * Reads an answer of the REST API, which wraps what it gives as `data`.
 * @throws MomentryError `REMOTE_FAILED` where it is not what n8n gives. Its text is not told, since it may hold a key
 */
export function readData<T>(schema: z.ZodType<T>, answer: RemoteAnswer): T {
  const { success, data } = schema.safeParse(wrapped.safeParse(answer.body).data?.data)
  if (success) return data
  throw new MomentryError('REMOTE_FAILED', `n8n answered ${answer.status} with something else than its API gives`)
}

/** Puts an API key of n8n in Momentry's words. */
export function viewKey(key: ListedKey): RemoteCredential {
  return {
    remoteId: key.id,
    name: key.label,
    hint: key.apiKey.replace(/^\*+/, ''),
    scopes: [...(key.scopes ?? [])].sort(),
    expiresAt: key.expiresAt ? new Date(key.expiresAt * 1000) : undefined,
    createdAt: key.createdAt,
    lastUsedAt: key.lastUsedAt ?? undefined,
  }
}
