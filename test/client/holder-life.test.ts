import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eventually } from './support/eventually.ts'
import { useHolders } from './support/holders.ts'
import { secretOf } from './support/rotation-stand-in.ts'

const { momentry, createStore, createHolder, startHolder } = useHolders()

describe('createRotatingSecret', () => {
  it('finds by itself that there is a successor, and goes on so', async () => {
    const holder = await startHolder(createStore(), { checkEveryMs: 10 })
    for (const version of [2, 3, 4]) {
      momentry().rotate()
      await eventually(holder.current).toBe(secretOf(version))
    }
    expect([holder.rotated, holder.errors]).toEqual([[2, 3, 4], []])
  })

  it('asks once for all who ask at once', async () => {
    const holder = await startHolder(createStore())
    momentry().rotate()
    const outcomes = await Promise.all(Array.from({ length: 20 }, holder.checkNow))
    expect(new Set(outcomes)).toEqual(new Set(['rotated']))
    expect(momentry().log).toEqual(['validate 1', 'claim 1', 'save', 'validate 2'])
  })

  it('takes what another process has claimed and stored, at the same time or before', async () => {
    const store = createStore()
    const [first, second, third] = [await startHolder(store), await startHolder(store), await startHolder(store)]
    momentry().rotate()
    await Promise.all([first.checkNow(), second.checkNow()])
    await third.checkNow()
    const holders = [first, second, third]
    expect(holders.map((holder) => holder.current())).toEqual(Array(3).fill(secretOf(2)))
    expect(holders.flatMap(({ errors }) => errors)).toEqual([])
  })

  it('takes it even after the grace', async () => {
    const store = createStore()
    const holder = await startHolder(store)
    store.secret = momentry().rotate()
    momentry().endGrace()
    expect([await holder.checkNow(), holder.current(), holder.errors]).toEqual(['rotated', secretOf(2), []])
  })

  it('says so where the successor was used by somebody else, and takes none that is older', async () => {
    const store = createStore()
    const holder = await startHolder(store)
    momentry().rotate()
    await holder.checkNow()
    store.secret = secretOf(1)
    await startHolder({ secret: momentry().rotate() })
    expect([await holder.checkNow(), holder.current()]).toEqual(['failed', secretOf(2)])
    expect(holder.errors).toMatchObject([{ kind: 'refused', code: 'NOT_CLAIMABLE' }])
  })

  it('says so where its secret is refused, and keeps it', async () => {
    const holder = await startHolder(createStore())
    momentry().rotate()
    momentry().endGrace()
    expect([await holder.checkNow(), holder.current()]).toEqual(['failed', secretOf(1)])
    expect(holder.errors).toMatchObject([{ kind: 'refused', code: 'ROTATED' }])
  })

  it('starts without Momentry, and not without a secret', async () => {
    momentry().fail('validate', 'lost')
    const holder = createHolder(createStore(`${secretOf(1)}\n`))
    expect(() => holder.current()).toThrow('await start() first')
    await holder.start()
    expect([holder.current(), holder.errors.length, await holder.checkNow()]).toEqual([secretOf(1), 1, 'current'])
    await expect(createHolder(createStore(' ')).start()).rejects.toThrow('load() gave no secret')
    const load = () => Promise.reject(new Error('no such file'))
    await expect(createHolder(createStore(), { load }).start()).rejects.toThrow('no such file')
  })

  it('stops', async () => {
    const holder = await startHolder(createStore(), { checkEveryMs: 10 })
    momentry().fail('validate', 'silent')
    momentry().log.length = 0
    await eventually(() => momentry().log.length).toBe(1)
    await holder.stop()
    momentry().rotate()
    expect([await holder.checkNow(), holder.current()]).toEqual(['failed', secretOf(1)])
    expect([momentry().log, holder.errors]).toEqual([['validate 1'], []])
  })
})

describe('a successor that comes encrypted', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const encrypt = (secret: string) => {
    const options = { key: rsa.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const ciphertext = publicEncrypt(options, Buffer.from(secret)).toString('base64url')
    return { algorithm: 'RSA-OAEP-256', ciphertext }
  }

  it('is decrypted', async () => {
    const holder = await startHolder(createStore(), { privateKey: pem })
    momentry().deliver(encrypt)
    momentry().rotate()
    expect([await holder.checkNow(), holder.current()]).toEqual(['rotated', secretOf(2)])
  })

  it.each<[string, (secret: string) => unknown]>([
    ['to another key', () => ({ algorithm: 'RSA-OAEP-256', ciphertext: 'AAAA' })],
    ['in a way that nobody knows', () => ({ algorithm: 'ROT13', ciphertext: 'AAAA' })],
    ['as something that is no secret', () => encrypt('two words')],
  ])('is not saved where it is encrypted %s', async (_, deliver) => {
    const holder = await startHolder(createStore(), { privateKey: pem })
    momentry().deliver(deliver)
    momentry().rotate()
    expect([await holder.checkNow(), holder.current()]).toEqual(['failed', secretOf(1)])
    expect(holder.errors).toMatchObject([{ kind: 'protocol' }])
    expect(momentry().log).toEqual(['validate 1', 'claim 1'])
  })
})
