import type { TransactionContext } from '../../platform/context.ts'
import type { Seal } from '../../platform/seal.ts'
import { apiKeyEscrow } from '../table.ts'
import { encryptTo } from './encrypt.ts'

/** Where there is no grace only an operator can fetch the successor, and has so long to do it. */
const operatorSeconds = 86_400

/** The place that a successor is sealed for. */
export function escrowPlace(rotationId: string): string {
  return `escrow ${rotationId}`
}

/**
 * Gives until when a successor waits in escrow: the grace's end, or a day where there is no grace; never longer than the
 * key lives.
 * @returns ms
 */
export function escrowEnd(graceEndsAt: number, expiresAt: number | undefined, now: number): number {
  const end = graceEndsAt > now ? graceEndsAt : now + operatorSeconds * 1000
  return Math.min(end, expiresAt ?? Number.POSITIVE_INFINITY)
}

export interface Deposit {
  rotationId: string
  secret: string
  /** The holder's public key, PEM; null where there is none. */
  publicKey: string | null
  /** ms */
  expiresAt: number
}

/** Puts a successor into escrow: sealed under the master key and, where its holder has a public key, encrypted to that. */
export async function depositSecret(tx: TransactionContext, seal: Seal, deposit: Deposit): Promise<void> {
  const { rotationId, secret, publicKey, expiresAt } = deposit
  const text = publicKey === null ? secret : JSON.stringify(await encryptTo(publicKey, secret))
  await tx.db.insert(apiKeyEscrow).values({
    rotationId,
    sealed: seal.seal(text, escrowPlace(rotationId)),
    encrypted: publicKey !== null,
    expiresAt: new Date(expiresAt),
  })
}
