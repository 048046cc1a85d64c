import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'
import { hideSecrets } from '../hide-secrets.ts'

export type Logger = Pick<
  PinoLogger,
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'level' | 'isLevelEnabled'
>

/** Where secrets could hide in something that is logged; each is replaced, whatever its value. */
const redacted = ['key', 'secret', 'password', 'authorization', 'cookie', 'masterKey', 'rawKey', 'token']

/**
 * Makes a process's logger: one JSON object a line on standard output, with the fields that could hold secrets removed.
 * @param destination for tests; standard output otherwise
 */
export function createLogger(options: { name: string; level: string }, destination?: DestinationStream): Logger {
  const paths = redacted.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.headers.${field}`])
  const settings = {
    name: options.name,
    level: options.level,
    redact: { paths, censor: '[redacted]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  }
  return destination ? pino(settings, destination) : pino(settings)
}

/** Only what is known to be safe of an error: drivers attach queries, parameters and commands, which may hold secrets. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'not an error' }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause instanceof Error ? { cause: describeError(error.cause) } : {}
  const message = error.message.startsWith('Failed query') ? 'Failed query' : error.message
  const stack = error.stack?.split('\n').slice(1, 8).join('\n')
  return { type: error.name, message: hideSecrets(message), ...code, ...cause, stack: stack && hideSecrets(stack) }
}
