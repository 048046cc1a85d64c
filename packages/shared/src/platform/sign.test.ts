import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createSigner, publicKeyId, verifyWith } from './sign.ts'

const [one = '', two = ''] = [1, 2].map(() => randomBytes(32).toString('base64'))

it('proves what it signed, to itself and to whoever has the public key', () => {
  const signer = createSigner([one], 'test')
  const signature = signer.sign('text')
  expect(signer.verify('text', signature)).toBe(true)
  expect(verifyWith(signer.publicKey.key, 'text', signature.bytes)).toBe(true)
  expect(publicKeyId(signer.publicKey.key)).toBe(signature.keyId)
  expect(signer.verify('texT', signature)).toBe(false)
  expect(signer.verify('text', { ...signature, bytes: randomBytes(64) })).toBe(false)
})

it('knows what an earlier master key signed, and nothing that was signed for something else', () => {
  const signature = createSigner([one], 'test').sign('text')
  expect(createSigner([two, one], 'test').verify('text', signature)).toBe(true)
  expect(createSigner([two], 'test').verify('text', signature)).toBe(false)
  expect(createSigner([one], 'other').verify('text', signature)).toBe(false)
})
