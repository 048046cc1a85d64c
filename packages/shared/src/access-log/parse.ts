import { isIP } from 'node:net'
import { unescapeField } from './unescape.ts'

/** One request, as an access log tells of it. What the log leaves out (`-`) is undefined. */
export interface AccessLogEntry {
  /** The client as the log names it: an address, or a host name where the server resolved it. */
  host: string
  /** The client's address; undefined where the log names a host instead. */
  ip: string | undefined
  /** When the request arrived, in milliseconds since 1970. */
  at: number
  method: string | undefined
  path: string | undefined
  /** HTTP status, 100 to 599. */
  status: number
  /** undefined in the common format, which has none. */
  userAgent: string | undefined
}

export type ParsedLine = { ok: true; entry: AccessLogEntry } | { ok: false; reason: string }

/** Longest line that is looked at, in characters: Apache's own limits of request line and headers are 8 KiB each. */
export const maxLineLength = 65_536

const quoted = String.raw`"([^"\\]*(?:\\.[^"\\]*)*)"`
const linePattern = new RegExp(
  String.raw`^(\S+) (\S+) (.*?) \[([^\]]*)\] ${quoted} (\S+) (\d+|-)(?: ${quoted} ${quoted}(?: .*)?)?$`,
)
/** ASCII's control characters but the tab: servers escape them, so such a line is of a tar archive or another binary. */
const binary = /[^\P{Cc}\t\x80-\x9f]/u
const timePattern = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Reads one line of an access log in the common or the combined format, as Apache (mod_log_config) and nginx
 * (ngx_http_log_module) write them. Further fields after the combined format's are passed over.
 * @param line without its line end
 */
export function parseAccessLogLine(line: string): ParsedLine {
  if (line.length > maxLineLength) return unreadable(`longer than ${maxLineLength} characters`)
  if (binary.test(line)) return unreadable('holds control characters')
  const match = linePattern.exec(line)
  if (!match) return unreadable('not in the common or combined format')
  const [, host = '', , , time = '', request = '', statusText = '', , , userAgent] = match
  const at = parseTime(time)
  if (at === undefined) return unreadable('its time cannot be read')
  if (!/^[1-5]\d\d$/.test(statusText)) return unreadable('its status is not a number from 100 to 599')
  return {
    ok: true,
    entry: {
      host,
      ip: isIP(host) > 0 && !host.includes('%') ? host : undefined,
      at,
      ...parseRequest(unescapeField(request)),
      status: Number(statusText),
      userAgent: userAgent === undefined ? undefined : given(unescapeField(userAgent)),
    },
  }
}

/** Splits `GET /path HTTP/1.1`; what a client sent instead of a request line (TLS to a plain port, say) gives neither. */
function parseRequest(request: string): { method: string | undefined; path: string | undefined } {
  const match = /^([A-Za-z-]{1,32}) (\S+)(?: HTTP\/\d(?:\.\d)?)?$/.exec(request)
  return match ? { method: match[1], path: match[2] } : { method: undefined, path: undefined }
}

/** `17/May/2015:10:05:03 +0200` → milliseconds since 1970; undefined where there is no such time. */
function parseTime(text: string): number | undefined {
  const match = timePattern.exec(text)
  if (!match) return undefined
  const [, day, monthName = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = match
  const month = months.indexOf(monthName)
  const midnight = new Date(Date.UTC(Number(year), month, Number(day)))
  if (month < 0 || midnight.getUTCDate() !== Number(day)) return undefined
  // A leap second is written as :60.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined
  // The widest zones in use are +14:00 and -12:00.
  if (Number(zoneHours) > 14 || Number(zoneMinutes) > 59) return undefined
  const sinceMidnight = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === '-' ? -1 : 1)
  return midnight.getTime() + (sinceMidnight - zone) * 1000
}

function given(text: string): string | undefined {
  return text === '' || text === '-' ? undefined : text
}

function unreadable(reason: string): ParsedLine {
  return { ok: false, reason }
}
