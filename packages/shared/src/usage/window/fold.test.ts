import { describe, expect, it } from 'vitest'
import { readWindow, writeWindow } from './codec.ts'
import { fold } from './fold.ts'
import { createTextWriter } from './text.ts'
import { emptyWindow, type Window } from './window.ts'

const start = 1_700_000_000

function foldAll(
  seconds: readonly { second: number; addresses?: string[]; requests?: number }[],
  maxAddresses = 32,
): Window {
  const window = emptyWindow()
  for (const { second, addresses = [], requests = 1 } of seconds) {
    fold(window, { second, requests, errors: 0, addresses: new Set(addresses) }, maxAddresses)
  }
  return window
}

function textOf(window: Window): string {
  const writer = createTextWriter()
  writeWindow(writer, window)
  return writer.take()
}

describe('fold', () => {
  it('takes an event that is 5 minutes late where it belongs, and one that is later only as habit', () => {
    const window = foldAll([{ second: start + 300 }, { second: start }])
    expect(window.seconds.map(({ second }) => second)).toEqual([start, start + 300])
    const late = fold(window, { second: start - 1, requests: 1, errors: 0, addresses: new Set() }, 32)
    expect(late).toBe(false)
    expect(window.seconds).toHaveLength(2)
    expect(window.habit.since).toBe(start - 1)
  })

  it('keeps an address that comes back within the hour as one span, and after more than an hour as two', () => {
    const within = foldAll([
      { second: start, addresses: ['a'] },
      { second: start + 3600, addresses: ['a'] },
    ])
    expect(within.addresses.get('a')).toEqual([{ first: start, last: start + 3600 }])
    const after = foldAll([
      { second: start, addresses: ['a'] },
      { second: start + 3601, addresses: ['a'] },
    ])
    expect(after.addresses.get('a')).toEqual([
      { first: start, last: start },
      { first: start + 3601, last: start + 3601 },
    ])
  })

  it('never grows beyond a fixed size, whatever comes', () => {
    const window = foldAll(
      Array.from({ length: 20_000 }, (_, index) => ({
        second: start + index,
        addresses: [`10.0.${index % 250}.${index % 7}`],
      })),
    )
    expect(window.seconds).toHaveLength(600)
    expect(window.addresses.size).toBe(32)
    expect(window.habit.recent.length).toBeLessThanOrEqual(2)
  })

  it('takes under 4 KiB for a key with 1,000 requests a minute from six addresses', () => {
    const window = foldAll(
      Array.from({ length: 4000 }, (_, index) => ({
        second: start + index,
        requests: 17,
        addresses: Array.from({ length: 6 }, (_, n) => `203.0.113.${100 + n}`),
      })),
    )
    expect(textOf(window).length).toBeLessThan(4096)
  })

  it('is read back as it was written', () => {
    const window = foldAll([
      { second: start, addresses: ['192.0.2.1', '2001:db8::1'] },
      { second: start + 7000, requests: 300 },
      { second: start + 6999, addresses: ['192.0.2.1'] },
    ])
    expect(readWindow({ text: textOf(window), at: 0 })).toEqual(window)
  })
})
