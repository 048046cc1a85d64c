import type { Readable, Writable } from 'node:stream'

/** What a command has of the process that it runs in: that of the command line, or of somebody who calls it from within. */
export interface Host {
  env: Record<string, string | undefined>
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean; columns?: number }
  stderr: Writable & { isTTY?: boolean }
  /** What a command that has done its work wants to end with; undefined: with 0. */
  exitCode?: number | string | null | undefined
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit(code: number): void
}
