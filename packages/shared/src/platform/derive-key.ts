import { hkdfSync } from 'node:crypto'

/**
 * Derives a key for one purpose from a master key (HKDF with SHA-256, RFC 5869), so that there is no second secret to keep
 * and nothing that was made for one purpose is good for another.
 * @param masterKey 32 bytes in base64
 * @returns 32 bytes
 */
export function deriveKey(masterKey: string, purpose: string, salt: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(masterKey, 'base64'), salt, `momentry ${purpose}`, 32))
}
