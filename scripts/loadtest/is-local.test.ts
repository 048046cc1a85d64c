import { expect, test } from 'vitest'
import { isLocal } from './is-local.ts'

test.each([
  'http://localhost:8080',
  'http://LOCALHOST',
  'http://127.0.0.1:8080',
  'https://127.8.9.1',
  'http://[::1]:8080',
  'http://2130706433',
])('%s is this machine', (url) => expect(isLocal(url)).toBe(true))

test.each([
  'http://example.com',
  'http://10.0.0.1',
  'http://localhost.example.com',
  'http://127.0.0.1.example.com',
  'http://127.example.com',
  'http://0.0.0.0',
  'http://[fe80::1]',
])('%s is not', (url) => expect(isLocal(url)).toBe(false))
