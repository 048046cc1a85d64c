import { describe, expect, test } from 'vitest'
import { formatLine } from './format-line.ts'

const plain = { colours: false }
const time = new Date(2026, 0, 2, 3, 4, 5).toISOString()

describe('formatLine', () => {
  test('shows time, level, message and fields', () => {
    const line = JSON.stringify({
      level: 'info',
      time,
      name: 'api',
      pid: 7,
      msg: 'ready',
      url: 'http://x',
      n: 1,
      text: 'a b',
    })
    expect(formatLine('api', line, plain)).toBe('api      | 03:04:05 info  ready url=http://x n=1 text="a b"')
  })

  test('shows an error by its type and message', () => {
    const line = JSON.stringify({
      level: 'error',
      time,
      msg: 'failed',
      err: { type: 'TypeError', message: 'no', stack: 's' },
    })
    expect(formatLine('worker', line, plain)).toBe('worker   | 03:04:05 error failed TypeError: no')
  })

  test('leaves what is no log entry as it is', () => {
    expect(formatLine('api', 'Warning: {', plain)).toBe('api      | Warning: {')
    expect(formatLine('api', '{"a":1}', plain)).toBe('api      | {"a":1}')
  })

  test('never lets a log command the terminal', () => {
    const line = JSON.stringify({ level: 'info', time, msg: 'from \u001b[2J', agent: '\u009b31m' })
    expect(formatLine('api', line, plain)).not.toMatch(/\p{Cc}/u)
    expect(formatLine('api', 'raw \u001b[2J', plain)).toContain('raw \\u001b[2J')
  })
})
