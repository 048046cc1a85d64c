import { parseArgs } from 'node:util'

export const help = `Starts all of Momentry on this machine: api, worker and alerter, with PostgreSQL and Redis where you have none.

Usage: npm start [-- options]

  --demo    sends made-up traffic once everything runs, and shows the anomalies that it raises; live traffic follows
  --set-up  brings the database in DATABASE_URL up to date, makes the first key, and ends
  --help    shows this

Variables (all of them: docs/configuration.md):
  PORT                where the API listens (8080)
  HOST                its address (127.0.0.1)
  MOMENTRY_DATA_DIR   where data, passwords and the first key are kept (.momentry)
  DATABASE_URL        a PostgreSQL to use instead of an embedded one
  REDIS_URL           a Redis to use instead of an embedded one

Example: PORT=9000 MOMENTRY_DATA_DIR=/var/lib/momentry npm start
`

export interface LauncherOptions {
  demo: boolean
  setUp: boolean
  help: boolean
}

/** Reads the command line. @throws Error, one line for people, for what is not known */
export function readOptions(args: readonly string[]): LauncherOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      demo: { type: 'boolean', default: false },
      'set-up': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    strict: true,
  })
  return { demo: values.demo, setUp: values['set-up'], help: values.help }
}
