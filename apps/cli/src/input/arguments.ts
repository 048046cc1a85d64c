import { InvalidArgumentError } from 'commander'
import { z } from 'zod'

/** Reads an id (a UUID). @throws InvalidArgumentError */
export function parseId(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new InvalidArgumentError('It is not an id (a UUID).')
  return text.toLowerCase()
}

/** Makes a reader of whole numbers within bounds. It throws InvalidArgumentError. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It is not a whole number from ${least} to ${most}.`)
  }
}

/** Reads a day of UTC: `2026-01-05`. @throws InvalidArgumentError */
export function parseDay(text: string): string {
  if (!z.iso.date().safeParse(text).success) throw new InvalidArgumentError('It is not a day such as 2026-01-05.')
  return text
}

/** Gathers an option that can be given several times, or with commas. */
export function gather(text: string, before: readonly string[] = []): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return [...before, ...parts]
}

/** Reads the address of a server. @throws InvalidArgumentError */
export function parseUrl(text: string): string {
  if (!z.url({ protocol: /^https?$/ }).safeParse(text).success)
    throw new InvalidArgumentError('It is not an http(s) URL.')
  return text
}
