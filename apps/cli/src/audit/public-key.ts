import { readFile } from 'node:fs/promises'
import { usageFailure } from '../failure.ts'

const publicKey = /^[A-Za-z0-9+/]{43}=$/

/**
 * Reads a public key of the audit log.
 * @param given the key, as `audit public-key` shows it, or a file with it
 * @throws CliFailure
 */
export async function readPublicKey(given: string): Promise<string> {
  if (publicKey.test(given.trim())) return given.trim()
  const text = await readFile(given, 'utf8').catch(() => '')
  if (publicKey.test(text.trim())) return text.trim()
  throw usageFailure('--public-key must be 32 bytes in base64, as `audit public-key` shows it, or a file with them')
}
