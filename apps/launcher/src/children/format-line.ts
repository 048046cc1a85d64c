import { styleText } from 'node:util'
import { z } from 'zod'

const entrySchema = z.looseObject({ level: z.string(), time: z.string(), msg: z.string().optional() })
const errorSchema = z.looseObject({ type: z.string().optional(), message: z.string() })
const hidden = new Set(['level', 'time', 'msg', 'name', 'pid', 'hostname', 'err'])
const widest = 'launcher'.length

export interface FormatOptions {
  colours: boolean
}

/**
 * Turns a line that a process wrote into one for people: `api      | 12:00:01 info  ready url=http://…`. A line that is
 * not one of the logger's stays as it is. Control characters are shown, not obeyed, since a log may quote a stranger.
 */
export function formatLine(name: string, line: string, options: FormatOptions): string {
  const prefix = paint(options, 'cyan', `${name.padEnd(widest)} |`)
  const entry = parseEntry(line)
  if (!entry) return `${prefix} ${visible(line)}`
  const { level, msg = '' } = entry
  const error = errorSchema.safeParse(entry['err'])
  const cause = error.success ? [`${error.data.type ?? 'Error'}: ${error.data.message}`] : []
  const fields = Object.entries(entry).flatMap(([key, value]) => (hidden.has(key) ? [] : [`${key}=${show(value)}`]))
  const label = paint(options, colourOf(level), level.padEnd(5))
  const text = [msg, ...fields, ...cause].filter(Boolean).join(' ')
  return `${prefix} ${clock(entry.time)} ${label} ${visible(text)}`
}

function parseEntry(line: string): z.infer<typeof entrySchema> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return entrySchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

function show(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
}

/** The time of the day, in this machine's zone. */
function clock(time: string): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? time : date.toTimeString().slice(0, 8)
}

function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => {
    if (character === '\t') return ' '
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function colourOf(level: string): 'red' | 'yellow' | 'green' | 'gray' {
  if (level === 'error' || level === 'fatal') return 'red'
  if (level === 'warn') return 'yellow'
  return level === 'info' ? 'green' : 'gray'
}

function paint({ colours }: FormatOptions, style: Parameters<typeof styleText>[0], text: string): string {
  return colours ? styleText(style, text, { validateStream: false }) : text
}
