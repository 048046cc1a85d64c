import { describe, expect, it } from 'vitest'
import { away } from './support/answers.ts'
import { eventually } from './support/eventually.ts'
import { useHolders } from './support/holders.ts'
import { secretOf } from './support/rotation-stand-in.ts'

const { momentry, createStore, startHolder } = useHolders()

describe('a successor', () => {
  it('saves a successor before its first use, and uses it before it swaps', async () => {
    const store = createStore()
    const holder = await startHolder(store)
    expect(await holder.checkNow()).toBe('current')
    momentry().rotate()
    momentry().log.length = 0
    expect(await holder.checkNow()).toBe('rotated')
    expect(momentry().log).toEqual(['validate 1', 'claim 1', 'save', 'validate 2'])
    expect([holder.current(), store.secret, holder.rotated]).toEqual([secretOf(2), secretOf(2), [2]])
    expect(await holder.checkNow()).toBe('current')
  })

  it.each(['lost', 'half', 'silent', away] as const)('claims again where the answer was %o', async (fault) => {
    const holder = await startHolder(createStore(), { timeoutMs: fault === 'silent' ? 500 : 10_000 })
    momentry().rotate()
    momentry().fail('claim', fault, fault)
    expect([await holder.checkNow(), await holder.checkNow()]).toEqual(['failed', 'failed'])
    expect([holder.current(), holder.errors.length]).toEqual([secretOf(1), 2])
    expect(await holder.checkNow()).toBe('rotated')
    expect(momentry().log.filter((line) => line === 'save')).toHaveLength(1)
  })

  it('keeps the old secret while the new one cannot be saved, and never uses what is not saved', async () => {
    const store = createStore()
    let fails = true
    const save = async (secret: string) => {
      if (fails) throw new Error('the disk is full')
      store.secret = secret
    }
    const holder = await startHolder(store, { save })
    momentry().rotate()
    expect([await holder.checkNow(), holder.current()]).toEqual(['failed', secretOf(1)])
    expect(holder.errors).toMatchObject([{ message: 'the disk is full' }])
    fails = false
    expect([await holder.checkNow(), holder.current(), store.secret]).toEqual(['rotated', secretOf(2), secretOf(2)])
    expect(momentry().log).toEqual(['validate 1', 'claim 1', 'validate 1', 'claim 1', 'validate 2'])
  })

  it('loses nothing where it dies between the claim and the end of the save', async () => {
    const store = createStore()
    const died = Promise.withResolvers<void>()
    const dying = await startHolder(store, { save: () => died.promise })
    momentry().rotate()
    const check = dying.checkNow()
    await eventually(() => momentry().log).toContain('claim 1')
    const next = await startHolder(store)
    expect([next.current(), store.secret]).toEqual([secretOf(2), secretOf(2)])
    died.resolve()
    await check
  })

  it('loses nothing where it dies between the save and the first use', async () => {
    const store = createStore()
    const holder = await startHolder(store)
    momentry().rotate()
    // To Momentry a holder that dies now looks like one that was never answered.
    momentry().fail('claim', 'lost')
    await holder.checkNow()
    store.secret = secretOf(2)
    const next = await startHolder(store)
    expect([next.current(), next.errors]).toEqual([secretOf(2), []])
  })

  it.each(['lost', 'silent', away] as const)('uses the successor where its first use is answered %o', async (fault) => {
    const holder = await startHolder(createStore(), { timeoutMs: fault === 'silent' ? 500 : 10_000 })
    momentry().rotate()
    momentry().fail('validate', 'none', fault)
    expect([await holder.checkNow(), holder.current()]).toEqual(['rotated', secretOf(2)])
  })

  it('goes on with the old secret where the new one is refused, leaves the stored one alone, and tries again', async () => {
    const store = createStore()
    const holder = await startHolder(store)
    momentry().rotate()
    momentry().fail('validate', 'none', { status: 200, body: { valid: false, code: 'NOT_FOUND' } })
    expect([await holder.checkNow(), holder.current(), store.secret]).toEqual(['failed', secretOf(1), secretOf(2)])
    expect(holder.errors).toMatchObject([{ kind: 'protocol', code: 'NOT_FOUND' }])
    // The stand-in saw its first use all the same, so there is nothing left to claim: the stored one is the only one.
    expect([await holder.checkNow(), holder.current()]).toEqual(['rotated', secretOf(2)])
  })
})
