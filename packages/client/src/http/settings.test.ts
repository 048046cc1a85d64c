import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

describe('readSettings', () => {
  it('keeps the path of the URL, without a slash at its end', () => {
    expect(readSettings({ url: 'https://x.example/momentry//' }).baseUrl).toBe('https://x.example/momentry')
  })

  it.each([
    ['not-a-url', /url must be/],
    ['ftp://x.example', /url must be/],
    ['https://user:hunter2@x.example', /url must hold no user/],
    ['https://x.example/?key=hunter2', /url must hold no user/],
  ])('refuses %s, without quoting it', (url, reason) => {
    expect(() => readSettings({ url })).toThrow(reason)
    expect(() => readSettings({ url })).not.toThrow(/hunter2/)
  })

  it.each([
    [{ timeoutMs: 0 }, /timeoutMs must be a whole number from 1/],
    [{ timeoutMs: Number.NaN }, /timeoutMs/],
    [{ retry: { retries: -1 } }, /retry.retries/],
    [{ retry: { maxDelayMs: 0.5 } }, /retry.maxDelayMs/],
  ])('refuses %j by name', (options, reason) => {
    expect(() => readSettings({ url: 'http://x.example', ...options })).toThrow(reason)
  })
})
