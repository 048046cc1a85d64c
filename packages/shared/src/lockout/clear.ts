import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { locksAtOnce, publishClear } from './channel.ts'
import { noteCleared, type SharedLocks } from './shared-locks.ts'
import { lockoutSubject } from './subject.ts'

export interface ClearDeps extends SharedLocks {
  /** No lock lasts longer. */
  windowSeconds: number
}

/**
 * Frees an address, and forgets its failed attempts, in every process. It is written down first: a clearing in the audit
 * log that did not come about, and was asked for again, is better than one that is not in it.
 * @param address in any form, or a /64 as it is listed
 * @throws MomentryError `VALIDATION_FAILED`; `NOT_FOUND` where nothing is known of it
 */
export async function clearLockout(context: Context, deps: ClearDeps, address: string): Promise<void> {
  const { redis, names } = deps
  const subject = lockoutSubject(address.replace(/\/64$/, ''))
  if (subject === undefined)
    throw new MomentryError('VALIDATION_FAILED', 'this is no address', {
      issues: [{ pointer: '/address', detail: 'must be an IPv4 or IPv6 address' }],
    })
  const [endsAt, failures] = await Promise.all([
    redis.zscore(names.lockedAddresses, subject),
    redis.get(counter(deps, subject)),
  ])
  if (failures === null && Number(endsAt ?? 0) <= context.now())
    throw new MomentryError('NOT_FOUND', 'this address is neither locked nor counted')
  await withTransaction(context, (tx) => appendAudit(tx, { action: 'address.cleared', after: { address: subject } }))
  await noteCleared(deps, subject, horizon(deps, context))
  await forget(deps, [subject])
  await publishClear(redis, names, subject)
  // Last: while it is there, whoever was told that Redis failed in between can ask again.
  await redis.zrem(names.lockedAddresses, subject)
}

/** Frees every address that is locked, and forgets their failed attempts, in every process. @returns how many */
export async function clearLockouts(context: Context, deps: ClearDeps): Promise<number> {
  const { redis, names } = deps
  const subjects = await redis.zrangebyscore(names.lockedAddresses, context.now(), '+inf')
  await withTransaction(context, (tx) =>
    appendAudit(tx, { action: 'address.cleared', after: { addresses: subjects.length } }),
  )
  const until = horizon(deps, context)
  await noteCleared(deps, null, until)
  for (let at = 0; at < subjects.length; at += locksAtOnce) await forget(deps, subjects.slice(at, at + locksAtOnce))
  await publishClear(redis, names, null)
  await redis.zremrangebyscore(names.lockedAddresses, '-inf', until.until)
  return subjects.length
}

function horizon({ windowSeconds }: ClearDeps, { now }: Context) {
  return { now: now(), until: now() + windowSeconds * 1000 }
}

async function forget(deps: ClearDeps, subjects: readonly string[]): Promise<void> {
  await Promise.all(
    subjects.flatMap((subject) => [
      deps.redis.del(counter(deps, subject)),
      deps.redis.del(deps.names.stuffing(subject)),
    ]),
  )
}

function counter({ names }: ClearDeps, subject: string): string {
  return `${names.lockoutPrefix}:${subject}`
}
