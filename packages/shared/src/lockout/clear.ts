import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { publishClear } from './locks.ts'
import { lockoutSubject } from './subject.ts'

export interface ClearDeps {
  redis: RedisClient
  names: Names
}

/**
 * Frees an address, and forgets its failed attempts, in every process.
 * @param address in any form, or a /64 as it is listed
 * @throws MomentryError `VALIDATION_FAILED`; `NOT_FOUND` where nothing is known of it
 */
export async function clearLockout(context: Context, deps: ClearDeps, address: string): Promise<void> {
  const subject = lockoutSubject(address.replace(/\/64$/, ''))
  if (subject === undefined)
    throw new MomentryError('VALIDATION_FAILED', 'this is no address', {
      issues: [{ pointer: '/address', detail: 'must be an IPv4 or IPv6 address' }],
    })
  await withTransaction(context, async (tx) => {
    const known = await forget(deps, [subject])
    if (known === 0) throw new MomentryError('NOT_FOUND', 'this address is neither locked nor counted')
    await publishClear(deps.redis, deps.names, subject)
    await appendAudit(tx, { action: 'lockout.cleared', after: { address: subject } })
  })
}

/** Frees every address that is locked. @returns how many */
export function clearLockouts(context: Context, deps: ClearDeps): Promise<number> {
  return withTransaction(context, async (tx) => {
    const subjects = await deps.redis.zrangebyscore(deps.names.lockedAddresses, '-inf', '+inf')
    await forget(deps, subjects)
    await publishClear(deps.redis, deps.names, null)
    await appendAudit(tx, { action: 'lockout.cleared', after: { addresses: subjects.length } })
    return subjects.length
  })
}

/** @returns how much was known of them */
async function forget({ redis, names }: ClearDeps, subjects: readonly string[]): Promise<number> {
  let known = 0
  for (const subject of subjects) {
    known += await redis.zrem(names.lockedAddresses, subject)
    known += await redis.del(`${names.lockoutPrefix}:${subject}`)
    await redis.del(names.stuffing(subject))
  }
  return known
}
