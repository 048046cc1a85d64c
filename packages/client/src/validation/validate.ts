import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { readNumber } from '../http/settings.ts'
import { readAddress } from './address.ts'
import type { Question } from './ask.ts'
import { type Clocks, createVerdictCache, machineClocks } from './cache.ts'
import { isForOneRequest, type Verdict } from './verdict.ts'

export interface ValidateOptions {
  /** Who sent the secret to you. Momentry believes it of keys that hold `keys:validate`. */
  clientIp?: string | undefined
  /** Scopes that the request needs, all of them. */
  scopes?: readonly string[] | undefined
  /** What else the request needs: `invoices:read AND (billing OR admin)`. */
  scopeExpression?: string | undefined
  /**
   * Names the request, in 1 to 100 characters: one that is asked about again under its name, within 24 hours, spends of
   * the key's quota once. Never take it from the client as it is: who may choose it can make all requests the same one.
   */
  requestId?: string | undefined
  /** false where you report the outcome as usage, so that it counts once; Momentry records the use otherwise. */
  recordUsage?: boolean | undefined
}

export interface CacheOptions {
  /**
   * For how long a good verdict is used again, and so for how long a revoked secret may go on to work here: 1,000 ms
   * unless told otherwise, 5,000 at the most; 0 asks Momentry every time.
   */
  ttlMs?: number
  /** Verdicts kept at the most; 10,000 unless told otherwise. */
  maxEntries?: number
}

/** @throws MomentryClientError where there is no verdict, `LOCKED_OUT` (429) for an address that guessed too often */
export type Validate = (secret: string, options?: ValidateOptions) => Promise<Verdict>

/** Momentry promises that a revocation takes hold within 5 s wherever it is cached. */
const maxTtlMs = 5000

/** The API takes no longer one. */
const maxSecretLength = 500

/** Makes the check of secrets, with its cache. @throws TypeError for an option that cannot be */
export function createValidate(
  ask: (question: Question) => Promise<Verdict>,
  options: CacheOptions = {},
  clocks: Clocks = machineClocks,
): Validate {
  const ttlMs = readNumber('cache.ttlMs', options.ttlMs ?? 1000, 0, maxTtlMs)
  const maxEntries = readNumber('cache.maxEntries', options.maxEntries ?? 10_000, 1)
  const cache = createVerdictCache({ ttlMs, maxEntries, clocks })
  /** What is being asked just now. */
  const flights = new Map<string, { verdict: Promise<Verdict>; askedAt: number }>()
  /** Questions whose last verdict was about one request alone: nobody waits to share the next. */
  const unshared = new LRUCache<string, true>({ max: maxEntries })

  const askAndKeep = async (name: string, question: Question, askedAt: number) => {
    try {
      const verdict = await ask(question)
      const isOwn = isForOneRequest(verdict)
      if (isOwn) unshared.set(name, true)
      else unshared.delete(name)
      if (verdict.valid && !isOwn) cache.put(name, verdict, askedAt)
      return verdict
    } finally {
      if (flights.get(name)?.askedAt === askedAt) flights.delete(name)
    }
  }

  /** Shares the answer with whoever asks the same meanwhile, where it is not about one request alone. */
  const askTogether = async (name: string, question: Question) => {
    const askedAt = clocks.steady()
    if (unshared.has(name)) return askAndKeep(name, question, askedAt)
    const flight = flights.get(name)
    // The answer to an older request would be older than any verdict may be.
    if (flight && askedAt - flight.askedAt < ttlMs) {
      const shared = await flight.verdict
      return isForOneRequest(shared) ? askAndKeep(name, question, askedAt) : shared
    }
    const verdict = askAndKeep(name, question, askedAt)
    flights.set(name, { verdict, askedAt })
    return verdict
  }

  return async (secret, { clientIp, scopes, scopeExpression, requestId, recordUsage } = {}) => {
    if (secret.length === 0 || secret.length > maxSecretLength) return { valid: false, code: 'MALFORMED' }
    const needs = { scopes, scopeExpression }
    const question = { key: secret, clientIp: readAddress(clientIp), ...needs, requestId, recordUsage }
    // Each use of an emergency key has to reach Momentry, so two of them never share a request either.
    if (ttlMs === 0 || secret.startsWith('mty_emergency_')) return ask(question)
    const name = nameOf(question)
    return cache.get(name) ?? askTogether(name, question)
  }
}

/** What a question is known by here. The secret itself is kept nowhere. */
function nameOf({ key, scopes = [], scopeExpression, clientIp }: Question): string {
  const text = JSON.stringify([key, [...new Set(scopes)].sort(), scopeExpression ?? null, clientIp ?? null])
  return createHash('sha256').update(text).digest('base64')
}
