/** Numbers, spans and sizes in words, the same on every page. */

const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export const formatNumber = (value: number): string => (Number.isInteger(value) ? whole : fine).format(value)
/** 12,345 as 12.3K, for axes and tiles. */
export const formatShort = (value: number): string =>
  Math.abs(value) < 10_000 ? formatNumber(value) : short.format(value)
/** @param value 0 to 1 */
export const formatShare = (value: number): string => share.format(value)

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A span of time in its two largest units: `2 days 4 hours`. @param seconds 0 or more */
export function formatSpan(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1000)} ms`
  let rest = Math.round(seconds)
  const words: string[] = []
  for (const [name, size] of units) {
    const count = Math.floor(rest / size)
    if (count === 0) continue
    words.push(count === 1 ? `1 ${name}` : `${whole.format(count)} ${name}s`)
    rest -= count * size
  }
  if (rest > 0 || words.length === 0) words.push(rest === 1 ? '1 second' : `${rest} seconds`)
  return words.slice(0, 2).join(' ')
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** A size: `12.4 MiB`. @param bytes 0 or more */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${byteUnits[unit]}`
}

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A moment in the reader's own time. */
export const formatLocal = (at: Date): string => local.format(at)
/** A moment in UTC, as logs have it. */
export const formatUtc = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** How far a moment is: `3 minutes ago`, `in 2 days`. @param now milliseconds since 1970 */
export function formatDistance(at: Date, now: number): string {
  const seconds = (at.getTime() - now) / 1000
  const size = Math.abs(seconds)
  if (size < 5) return 'just now'
  const [name, unit] =
    size < 60 ? (['second', 1] as const) : size < 3_600 ? units[2] : size < 86_400 ? units[1] : units[0]
  const count = Math.round(size / unit)
  const words = `${whole.format(count)} ${name}${count === 1 ? '' : 's'}`
  return seconds < 0 ? `${words} ago` : `in ${words}`
}
