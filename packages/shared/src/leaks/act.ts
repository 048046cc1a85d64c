import type { SendAlert } from '../alerts/send.ts'
import { appendAudit } from '../audit/append.ts'
import { apiKeyAuditLog } from '../audit/table.ts'
import type { leakActions } from '../keys/fields/policy.ts'
import { lockKey } from '../keys/get.ts'
import { keyKinds } from '../keys/kinds.ts'
import { revokeKey } from '../keys/revoke.ts'
import { judgeSecret } from '../keys/status.ts'
import { apiKeySecrets } from '../keys/table.ts'
import type { KeyRow } from '../keys/view.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { hideSecrets } from '../platform/hide-secrets.ts'
import { deriveId } from '../platform/id.ts'
import { and, eq, gte, sql } from '../platform/postgres/query.ts'
import { unprintable } from '../platform/unprintable.ts'
import type { Announce } from '../rotation/queue.ts'
import { requestRotation } from '../rotation/request.ts'
import type { LeakedSecret } from './find.ts'

export interface Leak extends LeakedSecret {
  /** Who found it: `github`. */
  source: string
  /** Where it was found. */
  url: string | null
}

/** Of what is kept of an address; none of GitHub's is longer. */
const maxUrl = 2_000
const allUnprintable = new RegExp(unprintable, 'gu')

type LeakAction = (typeof leakActions)[number]

export interface LeakDeps {
  announce: Announce
  /** Never throws: people are told as well as can be, and a leak is acted on in any case. */
  tell(alert: Parameters<SendAlert>[0]): Promise<void>
}

/**
 * Does what a key's policy says where a secret of it leaked: by default a forced rotation, if the secret is still good.
 * What was reported before changes nothing and is told to nobody again.
 * @returns what was done; undefined where it was reported before
 */
export function actOnLeak(context: Context, deps: LeakDeps, leak: Leak): Promise<LeakAction | undefined> {
  return withTransaction(context, async (tx) => {
    const key = await lockKey(tx, leak.keyId)
    const leakId = deriveId(`leak ${leak.digest.toString('hex')} ${leak.source} ${leak.url?.toWellFormed() ?? ''}`)
    if (await wasReported(tx, key, leakId)) return undefined
    const isGood = await isStillGood(tx, key, leak.version)
    const action = isGood ? decide(key) : 'none'
    const url = leak.url === null ? null : showUrl(leak.url)
    const reason = `leaked: ${leak.source} ${url ?? ''}`.trimEnd().slice(0, 500)
    const rotationId = await perform(tx, deps, key, { action, reason })
    await deps.tell({
      type: 'key.leaked',
      timestamp: new Date(tx.now()).toISOString(),
      data: {
        id: leakId,
        keyId: key.id,
        keyName: key.name,
        keyType: key.type,
        severity: isGood ? 'critical' : 'low',
        explanation: explain(leak, isGood, action),
        source: leak.source,
        url,
        action,
        rotationId,
      },
    })
    await appendAudit(tx, {
      action: 'key.leaked',
      keyId: key.id,
      reason,
      after: { leakId, version: leak.version, source: leak.source, url, action, rotationId },
    })
    return action
  })
}

/** Where a leak is, as it can be shown and stored: whoever names files and branches writes a part of it. */
function showUrl(url: string): string {
  return hideSecrets(url).replaceAll(allUnprintable, '\u{fffd}').slice(0, maxUrl).toWellFormed()
}

/** The log is kept by day: no day before the key was made is looked at. */
async function wasReported(tx: TransactionContext, key: KeyRow, leakId: string): Promise<boolean> {
  const rows = await tx.db
    .select({ seq: apiKeyAuditLog.seq })
    .from(apiKeyAuditLog)
    .where(
      and(
        eq(apiKeyAuditLog.keyId, key.id),
        gte(apiKeyAuditLog.at, new Date(key.createdAt.getTime() - 86_400_000)),
        eq(apiKeyAuditLog.action, 'key.leaked'),
        sql`${apiKeyAuditLog.after}->>'leakId' = ${leakId}`,
      ),
    )
    .limit(1)
  return rows.length > 0
}

/** A disabled key counts as good: who leaked it would come back with it. */
async function isStillGood(tx: TransactionContext, key: KeyRow, version: number): Promise<boolean> {
  const [secret] = await tx.db
    .select({ graceEndsAt: apiKeySecrets.graceEndsAt })
    .from(apiKeySecrets)
    .where(and(eq(apiKeySecrets.keyId, key.id), eq(apiKeySecrets.version, version)))
  const state = {
    enabled: key.enabled,
    expiresAt: key.expiresAt?.getTime(),
    revokedAt: key.revokedAt?.getTime(),
    graceEndsAt: secret?.graceEndsAt?.getTime(),
  }
  return ['VALID', 'DISABLED'].includes(judgeSecret(state, tx.now()))
}

/** A key that cannot be rotated without cutting its holder off all the same is revoked. */
function decide({ type, policy }: KeyRow): LeakAction {
  const action = policy.onLeak ?? 'rotate'
  return action === 'rotate' && keyKinds[type].maxLifeSeconds !== undefined ? 'revoke' : action
}

async function perform(
  tx: TransactionContext,
  { announce }: LeakDeps,
  key: KeyRow,
  { action, reason }: { action: LeakAction; reason: string },
): Promise<string | null> {
  if (action === 'revoke') await revokeKey(tx, key.id, { reason })
  if (action !== 'rotate') return null
  return (await requestRotation(tx, { announce }, key.id, { kind: 'forced', reason })).rotationId
}

function explain({ source, version }: Leak, isGood: boolean, action: LeakAction): string {
  const found = `${source} found secret ${version} of the key`
  if (!isGood) return `${found}; it had stopped working before`
  if (action === 'rotate') return `${found}; a forced rotation is queued`
  return action === 'revoke' ? `${found}; the key is revoked` : `${found}; its policy says to do nothing`
}
