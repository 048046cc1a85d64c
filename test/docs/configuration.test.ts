import { readFileSync } from 'node:fs'
import { environment } from '@momentry/shared/config/environment.ts'
import { readConfig } from '@momentry/shared/config.ts'
import { describe, expect, it } from 'vitest'

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
const row = /^\| `([A-Z0-9_]+)` \| (?:`([^`]+)`)? ?\| ([^|]*)\| [^|]+\|$/gm
const rows = [...page.matchAll(row)].map(([, name = '', fallback, range = '']) => ({ name, fallback, range }))

/** What a table calls a range, as the values at its ends and just beyond them. */
function edges(range: string): { good: string[]; bad: string[] } {
  const [, least, most] = /^(\d+) to (\d+) $/.exec(range) ?? []
  if (least !== undefined && most !== undefined) {
    const below = least === '0' ? '-1' : String(Number(least) - 1)
    return { good: [least, most], bad: [below, String(Number(most) + 1), 'many', '1.5'] }
  }
  if (/^above 0, to 1 $/.test(range)) return { good: ['0.0001', '1'], bad: ['0', '1.1', 'half'] }
  const words = [...range.matchAll(/`([a-z]+)`/g)].map(([, word = '']) => word)
  return words.length > 0 ? { good: words, bad: ['loud'] } : { good: [], bad: [] }
}

const accepts = (name: string, value: string) => {
  try {
    readConfig({ [name]: value })
    return true
  } catch {
    return false
  }
}

describe('docs/configuration.md', () => {
  it('explains every variable, once, and none that there is not', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(environment.shape).sort())
  })

  it('names each default', () => {
    const told = Object.fromEntries(rows.map(({ name, fallback }) => [name, fallback]))
    const defaults = Object.entries(environment.shape).map(([name, schema]) => {
      const value = schema.parse(undefined)
      const isText = typeof value !== 'function' && (typeof value !== 'object' || Array.isArray(value))
      return [name, value === undefined || !isText ? undefined : String(value) || undefined]
    })
    expect(told).toEqual(Object.fromEntries(defaults))
  })

  it.each(rows.filter(({ range }) => edges(range).good.length > 0))('tells the range of $name', ({ name, range }) => {
    const { good, bad } = edges(range)
    expect(good.filter((value) => !accepts(name, value))).toEqual([])
    expect(bad.filter((value) => accepts(name, value))).toEqual([])
  })
})
