import { type FormatOptions, formatLine } from './children/format-line.ts'

export interface Output {
  /** Shows a line that a process wrote. */
  print(name: string, line: string): void
  /** From now on shows only what processes warn of, or everything again. */
  quiet(on: boolean): void
  /** Shows a line of the launcher's own. */
  say(line: string): void
  /** Shows one about something that went wrong. */
  warn(line: string): void
}

/** Entries that say that all goes well. */
const everyday = /^\{"level":"(info|debug|trace)"/

/** Writes on standard output, in colours where it is a terminal, and does without it where its reader is gone. */
export function createOutput(): Output {
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
  const format: FormatOptions = { colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined }
  const print = (name: string, line: string) => void process.stdout.write(`${formatLine(name, line, format)}\n`)
  const own = (level: string) => (msg: string) =>
    print('launcher', JSON.stringify({ level, time: new Date().toISOString(), msg }))
  let isQuiet = false
  return {
    print(name, line) {
      if (!isQuiet || !everyday.test(line)) print(name, line)
    },
    quiet(on) {
      isQuiet = on
    },
    say: own('info'),
    warn: own('warn'),
  }
}
