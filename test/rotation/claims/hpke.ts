import { createDecipheriv, createHmac, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180 section 7). */
const kemId = Buffer.from('0020', 'hex')
const kem = Buffer.concat([Buffer.from('KEM'), kemId])
const hpke = Buffer.concat([Buffer.from('HPKE'), kemId, Buffer.from('00010002', 'hex')])
const tagBytes = 16
const nothing = Buffer.alloc(0)

const hmac = (key: Buffer, ...parts: Buffer[]) => createHmac('sha256', key).update(Buffer.concat(parts)).digest()
const extract = (suite: Buffer, salt: Buffer, label: string, input: Buffer) =>
  hmac(salt, Buffer.from('HPKE-v1'), suite, Buffer.from(label), input)
/** One block is enough: nothing here is longer than a SHA-256. */
const expand = (suite: Buffer, key: Buffer, label: string, input: Buffer, length: number) =>
  hmac(
    key,
    Buffer.from([0, length]),
    Buffer.from('HPKE-v1'),
    suite,
    Buffer.from(label),
    input,
    Buffer.from([1]),
  ).subarray(0, length)

/** Raw X25519 keys are the last 32 bytes of their DER. */
const rawOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).subarray(-32)
const fromRaw = (raw: Buffer) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: raw.toString('base64url') }, format: 'jwk' })

/**
 * Opens what was encrypted by HPKE in base mode, step by step as RFC 9180 says, so that what Momentry sends is held
 * against the standard and not against the library that made it.
 */
export function openHpke(privateKey: KeyObject, info: string, sealed: { enc: string; ciphertext: string }): string {
  const enc = Buffer.from(sealed.enc, 'base64url')
  const body = Buffer.from(sealed.ciphertext, 'base64url')
  const shared = diffieHellman({ privateKey, publicKey: fromRaw(enc) })
  const place = Buffer.concat([enc, rawOf(createPublicKey(privateKey))])
  const sharedSecret = expand(kem, extract(kem, nothing, 'eae_prk', shared), 'shared_secret', place, 32)

  const schedule = Buffer.concat([
    Buffer.from([0]),
    extract(hpke, nothing, 'psk_id_hash', nothing),
    extract(hpke, nothing, 'info_hash', Buffer.from(info)),
  ])
  const secret = extract(hpke, sharedSecret, 'secret', nothing)
  const key = expand(hpke, secret, 'key', schedule, 32)
  const nonce = expand(hpke, secret, 'base_nonce', schedule, 12)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(body.subarray(-tagBytes))
  return Buffer.concat([decipher.update(body.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
}
