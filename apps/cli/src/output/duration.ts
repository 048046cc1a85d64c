const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

/** Tells a length of time by its two largest units: `2d 5h`, `3h`, `45s`. */
export function tellDuration(seconds: number): string {
  let left = Math.max(0, Math.round(seconds))
  const first = units.findIndex(([, length]) => left >= length)
  if (first < 0) return '0s'
  const parts = units.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(left / length)
    left -= count * length
    return count === 0 ? '' : `${count}${unit}`
  })
  return parts.filter(Boolean).join(' ')
}

/** Tells how far a moment is from `now` (milliseconds since 1970): `in 2h`, `5m ago`. */
export function tellDistance(moment: string, now: number): string {
  const seconds = (Date.parse(moment) - now) / 1000
  return seconds > 0 ? `in ${tellDuration(seconds)}` : `${tellDuration(-seconds)} ago`
}

/** Tells how long a piece of work took: `120 ms`, `1.5 s`, from a minute on `2m 5s`. */
export function tellWork(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  return ms < 60_000 ? `${Math.round(ms / 100) / 10} s` : tellDuration(ms / 1000)
}
