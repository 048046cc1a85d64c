import { spawn } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { MomentryError } from '../../../errors.ts'
import { hideSecrets } from '../../../platform/hide-secrets.ts'
import type { HandOverNote } from './note.ts'

const timeoutMs = 60_000
/** So much of what a hook wrote is told to people, in characters. */
const shown = 300
/** So much of it is kept until then. */
const keptCharacters = 10_000
/** So long what a hook wrote is waited for once it has ended, ms. */
const lastWordsMs = 1_000

/**
 * Gives what runs a program of the hooks' directory with a new credential: on standard input, as one line of JSON, since
 * arguments and environment are seen by others. It has a minute, and no more of the worker's environment than `PATH`.
 * @param options.directory undefined: there are none
 */
export function createHookRunner(options: { directory: string | undefined; signal: AbortSignal }) {
  return async (name: string, note: HandOverNote): Promise<void> => {
    const file = await findHook(options.directory, name)
    const { code, signal, output } = await run(file, `${JSON.stringify(note)}\n`, options.signal)
    if (code === 0) return
    const how = code === null ? `was ended by ${signal}` : `ended with ${code}`
    const said = hideValue(output, note.key).trim().slice(-shown)
    throw new Error(`the hook ${name} ${how}${said === '' ? '' : `: ${said}`}`)
  }
}

/** Hides a value in what was written. Where the beginning was cut off, the value may have been cut as well. */
function hideValue(output: string, value: string): string {
  const whole = output.length < keptCharacters ? output : output.slice(value.length)
  return hideSecrets(whole.replaceAll(value, '[the new credential]'))
}

/** @throws MomentryError `CONFIG_INVALID` where there is no such program, or where its name leads out of the directory */
async function findHook(directory: string | undefined, name: string): Promise<string> {
  if (directory === undefined) throw new MomentryError('CONFIG_INVALID', 'INTEGRATION_HOOKS_DIR: is required for hooks')
  try {
    const [home, file] = await Promise.all([realpath(directory), realpath(join(directory, name))])
    await access(file, constants.X_OK)
    if (file.startsWith(home + sep)) return file
  } catch {
    // Told below.
  }
  throw new MomentryError('CONFIG_INVALID', `there is no hook called ${name} that can be run`)
}

interface Ended {
  code: number | null
  signal: string | null
  output: string
}

function run(file: string, input: string, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [], {
      env: { PATH: process.env['PATH'] },
      stdio: ['pipe', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      killSignal: 'SIGKILL',
    })
    let output = ''
    const hear = (part: Buffer) => {
      output = (output + part.toString('utf8')).slice(-keptCharacters)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', (error) =>
      reject(error.name === 'AbortError' ? new Error('the hook took longer than a minute, or was stopped') : error),
    )
    // What a hook leaves running may keep its output open for ever, and neither that nor the minute would end it.
    child.once('exit', () =>
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, lastWordsMs).unref(),
    )
    child.once('close', (code, ended) => resolve({ code, signal: ended, output }))
    // A hook that does not read what it is given has failed by its exit code, if at all.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
