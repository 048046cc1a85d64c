import { wholeNumber } from '../../input/arguments.ts'

/** Reads a backup's number. */
export const parseNumber = wholeNumber(1, 999_999_999)

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Shows an amount of bytes: `1.4 MB`. */
export function showBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1000 ** power
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`
}
