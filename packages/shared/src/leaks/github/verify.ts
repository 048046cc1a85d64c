import { verify } from 'node:crypto'
import { MomentryError } from '../../errors.ts'
import type { GithubKeys } from './public-keys.ts'

export interface Signed {
  /** As it came. */
  body: Buffer
  /** Of the header `Github-Public-Key-Identifier`. */
  keyIdentifier: string | undefined
  /** Of the header `Github-Public-Key-Signature`: ECDSA over P-256 with SHA-256, DER, in base64. */
  signature: string | undefined
}

/** Both are far shorter. */
const longestHeader = 500

/**
 * Demands that GitHub sent a body.
 * @throws MomentryError `SIGNATURE_INVALID`; `REMOTE_UNREACHABLE` where its key is not known and cannot be asked for
 */
export async function requireGithub(
  keys: Pick<GithubKeys, 'find'>,
  { body, keyIdentifier, signature }: Signed,
): Promise<void> {
  if (!keyIdentifier || !signature || keyIdentifier.length > longestHeader || signature.length > longestHeader)
    throw new MomentryError('SIGNATURE_INVALID', "GitHub's signature, or the name of its key, is not in the headers")
  const key = await keys.find(keyIdentifier)
  if (key !== undefined && isSigned(body, key, Buffer.from(signature, 'base64'))) return
  throw new MomentryError('SIGNATURE_INVALID', 'no key of GitHub signed this body')
}

function isSigned(body: Buffer, key: string, signature: Buffer): boolean {
  try {
    return verify('sha256', body, key, signature)
  } catch {
    return false
  }
}
