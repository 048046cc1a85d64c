import type { KeyObject } from 'node:crypto'
import type { EncryptedKey } from '../api/shapes/rotation.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'

/**
 * Decrypts a successor that was encrypted to its holder's public key, as the client library does it for programs.
 * @throws CliFailure where the private key is another one, or the text was changed
 */
export async function decryptSuccessor(encrypted: EncryptedKey, privateKey: KeyObject): Promise<string> {
  // Loaded here only: most keys have no public key.
  const { createDecrypt, encryptedKeySchema } = await import('@momentry/client/holder/decrypt.ts')
  const known = encryptedKeySchema.safeParse(encrypted)
  try {
    if (known.success) {
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      return await createDecrypt(pem)(known.data)
    }
  } catch {
    throw new CliFailure(
      exitCodes.failed,
      'the secret cannot be decrypted: the private key does not belong to the public key of the API key',
    )
  }
  throw new CliFailure(
    exitCodes.failed,
    `the secret is encrypted in a way that is not known here (${encrypted.algorithm})`,
  )
}
