import { resolve } from 'node:path'
import { type Config, readConfig } from '@momentry/shared/config.ts'
import type { Command } from 'commander'
import { z } from 'zod'
import { type ApiClient, createApiClient } from './api/client.ts'
import { findKey, requiredKey } from './connect/find-key.ts'
import { findServer, type Server } from './connect/find-server.ts'
import { renewKey } from './connect/renew-key.ts'
import type { Host } from './host.ts'
import { createStandardInput, type StandardInput } from './input/standard-input.ts'
import { createOutput, type Output } from './output/output.ts'

export interface Connection {
  api: ApiClient
  server: Server
  baseUrl: string
  /** undefined where none was found and none is needed. */
  key: string | undefined
}

/** What every command works with. */
export interface Session {
  out: Output
  input: StandardInput
  /** The process, for what is none of the others: its exit code, all of its environment, its streams as they are. */
  host: Host
  config: Config
  dataDir: string
  /** Aborts on Ctrl-C. */
  signal: AbortSignal
  /** Standard input was asked to give the API key, so nothing else can be read whole from it. */
  keyFromInput: boolean
  /** With `given`, the key is the one that was given or none: never the first system key of the data directory. */
  connect(needs?: { key: 'required' | 'optional' | 'given' }): Promise<Connection>
}

/** Makes the session of the command that was called. */
export type OpenSession = (command: Command) => Session

const globalOptions = z.object({
  url: z.url({ protocol: /^https?$/ }).optional(),
  dataDir: z.string().min(1).optional(),
  keyStdin: z.boolean().default(false),
  /** The name that `--key-stdin` has where the key is a secret to be replaced. */
  secretStdin: z.boolean().default(false),
  json: z.boolean().default(false),
})

/** @param signal aborts when the command is to stop */
export function createSessionOpener(host: Host, signal: AbortSignal): OpenSession {
  return (command) => {
    const options = globalOptions.parse(command.optsWithGlobals())
    const config = readConfig(host.env)
    const dataDir = options.dataDir === undefined ? config.dataDir : resolve(options.dataDir)
    const input = createStandardInput(host.stdin, host.stderr, signal)
    const keyFromInput = options.keyStdin || options.secretStdin
    const out = createOutput(host.stdout, host.stderr, options.json)
    return {
      out,
      input,
      host,
      config,
      dataDir,
      signal,
      keyFromInput,
      async connect(needs = { key: 'required' }) {
        const server = await findServer(options.url ?? config.client.url, dataDir)
        const given = keyFromInput
          ? await input.readSecret(options.secretStdin ? 'old secret' : 'API key')
          : config.client.apiKey
        const found = needs.key === 'given' ? given : await findKey(given, server, dataDir)
        const key = needs.key === 'required' ? requiredKey(found, dataDir) : found
        const renew = async () => {
          if (key !== undefined && given === undefined) out.note(await renewKey({ url: server.url, key, dataDir }))
        }
        const api = createApiClient({ baseUrl: server.url, key, signal, onSuperseded: renew })
        return { api, server, baseUrl: server.url, key }
      },
    }
  }
}
