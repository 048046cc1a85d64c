import type { Signature, Signer } from '../platform/sign.ts'
import { canonicalJson } from './chain.ts'

/** What a day's head says, in the form that its signature covers. */
export interface HeadContent {
  /** UTC, `2026-01-05`. */
  day: string
  firstSeq: number
  lastSeq: number
  previousHash: Buffer
  hash: Buffer
  brokenSeq: number | null
  followedBy: string | null
  adoptedAt: Date | null
  prunedAt: Date | null
}

/** Signs a head, so that nobody without the master key can move it, not even back to where it was. */
export function signHead(signer: Signer, head: HeadContent): { signatureKeyId: string; signature: Buffer } {
  const { keyId, bytes } = signer.sign(headText(head))
  return { signatureKeyId: keyId, signature: bytes }
}

/** A head as it is stored. */
export interface StoredHead extends HeadContent {
  signatureKeyId: string | null
  signature: Buffer | null
}

/** Tells whether a head stands as it was signed. @param verify by keys of ours, or by a public key alone */
export function isSigned(head: StoredHead, verify: (text: string, signature: Signature) => boolean): boolean {
  const { signatureKeyId, signature } = head
  if (signatureKeyId === null || signature === null) return false
  return verify(headText(head), { keyId: signatureKeyId, bytes: signature })
}

function headText(head: HeadContent): string {
  return canonicalJson({
    day: head.day,
    firstSeq: head.firstSeq,
    lastSeq: head.lastSeq,
    previousHash: head.previousHash.toString('hex'),
    hash: head.hash.toString('hex'),
    brokenSeq: head.brokenSeq,
    followedBy: head.followedBy,
    adoptedAt: head.adoptedAt,
    prunedAt: head.prunedAt,
  })
}
