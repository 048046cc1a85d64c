import { confirm, isCancel, password } from '@clack/prompts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usageFailure } from '../failure.ts'
import type { Host } from '../host.ts'

/** More than a few secrets need, one a line. */
const maxCharacters = 65_536

export interface StandardInput {
  /**
   * Gives a secret: asked for, hidden, where a person sits at a terminal; the next line of standard input otherwise.
   * @param label what is asked for
   */
  readSecret(label: string): Promise<string>
  /** A person sits at a terminal and can be asked. */
  canAsk: boolean
  /** Asks for a yes; anything else is a no. Only where somebody can be asked. */
  confirm(message: string): Promise<boolean>
}

/**
 * Reads secrets from where they are not seen: never from arguments, which every user of a machine can list. Questions go
 * to standard error, so that results can be piped.
 * @param signal takes a question back
 */
export function createStandardInput(stdin: Host['stdin'], stderr: Host['stderr'], signal: AbortSignal): StandardInput {
  let lines: Promise<string[]> | undefined

  async function ask(label: string): Promise<string> {
    const answer = await password({ message: label, input: stdin, output: stderr, signal })
    if (isCancel(answer)) throw new CliFailure(exitCodes.interrupted, 'cancelled')
    return answer
  }

  async function nextLine(label: string): Promise<string> {
    lines ??= readLines(stdin)
    const line = (await lines).shift()
    if (line === undefined) throw usageFailure(`standard input holds no ${label}`)
    return line
  }

  return {
    async readSecret(label) {
      const secret = (stdin.isTTY ? await ask(label) : await nextLine(label)).trim()
      if (secret === '') throw usageFailure(`the ${label} is empty`)
      return secret
    },
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    async confirm(message) {
      return (await confirm({ message, initialValue: false, input: stdin, output: stderr, signal })) === true
    },
  }
}

async function readLines(stdin: Host['stdin']): Promise<string[]> {
  let text = ''
  stdin.setEncoding('utf8')
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.length > maxCharacters) throw usageFailure('standard input is too long to hold a secret')
  }
  return text.split(/\r?\n/).filter((line) => line !== '')
}
