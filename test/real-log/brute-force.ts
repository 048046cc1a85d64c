import { gunzipSync } from 'node:zlib'

/*
 * What detection must find in the real log, worked out by plain loops over sorted events. Independent on purpose: it
 * shares no code with what it checks, its parser included.
 */
interface Line {
  agent: string
  second: number
  host: string
  status: number
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const combined = /^(\S+) \S+ \S+ \[(\d+)\/(\w+)\/(\d+):(\d+):(\d+):(\d+) \+0000\] "[^"]*" (\d+) \S+ "[^"]*" "([^"]*)"$/

/** @returns `user agent rule`, sorted, and how many lines could be read */
export function bruteForce(gzipped: Buffer): { found: string[]; readable: number } {
  const lines: Line[] = []
  for (const text of gunzipSync(gzipped).toString('utf8').split('\n')) {
    const match = combined.exec(text)
    if (!match) continue
    const [, host = '', day, month = '', year, hour, minute, second, status, agent = ''] = match
    const time = Date.UTC(
      Number(year),
      months.indexOf(month),
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    )
    lines.push({ agent, host, status: Number(status), second: time / 1000 })
  }
  const found = new Set<string>()
  for (const [agent, events] of Map.groupBy(lines, (line) => line.agent)) {
    for (const rule of check(events.sort((a, b) => a.second - b.second))) found.add(`${agent} ${rule}`)
  }
  return { found: [...found].sort(), readable: lines.length }
}

function check(events: readonly Line[]): string[] {
  const found: string[] = []
  for (const { second: end } of events) {
    const within = (seconds: number) => events.filter((event) => event.second <= end && event.second > end - seconds)
    if (within(60).length > 1000) found.push('high_request_rate')
    const recent = within(300)
    const failed = recent.filter((event) => event.status >= 400)
    if (recent.length >= 20 && failed.length / recent.length > 0.5) found.push('high_error_rate')
    if (new Set(within(3600).map((event) => event.host)).size > 5) found.push('multiple_ips')
  }
  // unusual_time takes 14 days of history, and the log holds four.
  return found
}
