import { expect, it } from 'vitest'
import { idleMs, isLive, isTouchDue, lifeMs, over, touchMs } from './life.ts'

const opened = Date.parse('2026-01-05T09:30:00.000Z')
const session = (lastSeenAfter = 0) => ({
  lastSeenAt: new Date(opened + lastSeenAfter),
  expiresAt: new Date(opened + lifeMs),
})

it('ends 12 hours after the sign-in, however much it is used', () => {
  expect(isLive(session(lifeMs - 1), opened + lifeMs - 1)).toBe(true)
  expect(isLive(session(lifeMs - 1), opened + lifeMs)).toBe(false)
})

it('ends 2 hours after its last use', () => {
  expect(isLive(session(), opened + idleMs - 1)).toBe(true)
  expect(isLive(session(), opened + idleMs)).toBe(false)
  expect(isLive(session(1), opened + idleMs)).toBe(true)
})

it('is written down as used once a minute', () => {
  expect(isTouchDue(session(), opened + touchMs - 1)).toBe(false)
  expect(isTouchDue(session(), opened + touchMs)).toBe(true)
})

it('tells what is over as it tells what lives', () => {
  for (const at of [opened + idleMs - 1, opened + idleMs]) {
    const ended = over(at)
    const { lastSeenAt, expiresAt } = session()
    expect(lastSeenAt > ended.lastSeenAt && expiresAt > ended.expiresAt).toBe(isLive(session(), at))
  }
})
