import { expect, test } from 'vitest'
import { ApiError } from '../../api/error.ts'
import { describeSignIn } from './describe-sign-in.ts'

const refused = (code: string, retryAfterSeconds?: number) =>
  new ApiError({ status: 401, code, title: 'Refused', detail: 'refused', retryAfterSeconds })

test('a locked out address is told how long', () => {
  expect(describeSignIn(refused('LOCKED_OUT', 61))).toMatch('in 2 minutes')
  expect(describeSignIn(refused('LOCKED_OUT', 5))).toMatch('in 1 minute.')
})

test('nobody is told what is wrong with a secret', () => {
  expect(describeSignIn(refused('UNAUTHENTICATED'))).toBe('No key that is good now has this secret.')
})

test('a server that is away is not a wrong secret', () => {
  expect(describeSignIn(new TypeError('fetch failed'))).toMatch('No answer came')
})
