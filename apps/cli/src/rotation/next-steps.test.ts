import { describe, expect, it } from 'vitest'
import { nextSteps } from './next-steps.ts'

const id = '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a'
const now = Date.UTC(2026, 0, 31, 12)
const steps = (wish: Partial<Parameters<typeof nextSteps>[1]>, known: Parameters<typeof nextSteps>[2]) =>
  nextSteps(id, { forced: false, ...wish }, known, now)

describe('nextSteps', () => {
  it('names the end of the grace where it is known, else what decides it', () => {
    expect(steps({}, { graceEndsAt: '2026-01-31T14:00:00.000Z' })[0]).toBe(
      'The old secret works on until 2026-01-31T14:00:00.000Z (in 2h).',
    )
    expect(steps({ graceSeconds: 5400 }, { graceEndsAt: null })[0]).toMatch(/works on for 1h 30m after/)
    expect(steps({}, {})[0]).toMatch(/policy and type give\.$/)
  })

  it('sends the holder to claim', () => {
    expect(steps({}, { keyType: 'service' })).toContain('With it, the holder gets the new one: momentry api-key claim')
  })

  it.each([
    ['forced', { forced: true }, {}],
    ['without grace', { graceSeconds: 0 }, {}],
    ['of an emergency key', {}, { keyType: 'emergency' }],
    ['whose grace is over', {}, { graceEndsAt: '2026-01-31T12:00:00.000Z' }],
  ])('sends an operator to fetch, since the old secret is dead, after a rotation %s', (_name, wish, known) => {
    const text = steps(wish, known).join('\n')
    expect(text).toContain(`momentry rotation secret ${id}`)
    expect(text).not.toContain('api-key claim')
  })
})
