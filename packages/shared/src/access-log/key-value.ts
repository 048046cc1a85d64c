import { createHash } from 'node:crypto'
import { unprintable } from '../platform/unprintable.ts'
import type { AccessLogEntry } from './parse.ts'

/** By what of a request an import tells keys apart. */
export const keyByNames = ['user-agent', 'host', 'path-prefix'] as const
export type KeyBy = (typeof keyByNames)[number]

/** Longest value, in characters; it becomes a key's name. */
export const maxValueLength = 300

/**
 * Gives the value that a request's key is named after: its user agent, its client as the log names it, or the first
 * segment of its path. A request without one gives `-`. Characters that a name must not hold come as `\xHH` or
 * `\u{HHHH}`; a value longer than `maxValueLength` is cut and ends in a digest of the whole, so that different values
 * stay different.
 */
export function keyValue(entry: AccessLogEntry, by: KeyBy): string {
  return bounded(printed(rawValue(entry, by)))
}

function rawValue(entry: AccessLogEntry, by: KeyBy): string {
  switch (by) {
    case 'user-agent':
      return entry.userAgent?.trim() ? entry.userAgent : '-'
    case 'host':
      return entry.host
    case 'path-prefix':
      return pathPrefix(entry.path)
  }
}

/** `/docs/a?b` → `/docs`; an absolute request target counts by its path. */
function pathPrefix(path: string | undefined): string {
  if (path === undefined) return '-'
  const local = path.replace(/^[a-z][a-z+.-]*:\/\/[^/?#]*/i, '')
  if (!local.startsWith('/')) return local === '' ? '/' : (local.split(/[?#]/, 1)[0] ?? '-')
  return `/${local.slice(1).split(/[/?#]/, 1)[0]}`
}

const allUnprintable = new RegExp(unprintable, 'gu')

function printed(value: string): string {
  return value.replace(allUnprintable, (character) => {
    const code = character.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

function bounded(value: string): string {
  if (value.length <= maxValueLength) return value
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 16)
  return `${value.slice(0, maxValueLength - 18).toWellFormed()}… ${digest}`
}
