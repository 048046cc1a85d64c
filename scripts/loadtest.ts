import process from 'node:process'
import { readConfig } from '@momentry/shared/config.ts'
import { findKey, requiredKey } from '../apps/cli/src/connect/find-key.ts'
import { findServer } from '../apps/cli/src/connect/find-server.ts'
import { type Api, createApi } from './loadtest/api.ts'
import { readDropped } from './loadtest/dropped.ts'
import { isLocal } from './loadtest/is-local.ts'
import { type LoadKey, makeKeys, revokeKeys } from './loadtest/keys.ts'
import { help, type LoadOptions, readOptions } from './loadtest/options.ts'
import { makeRequests } from './loadtest/requests.ts'
import { runLoad } from './loadtest/run.ts'
import { hasFailed, type Summary, tellSummary } from './loadtest/summary.ts'

const say = (line: string) => void process.stderr.write(`${line}\n`)

/** Finds what is asked as the command line does. @throws Error, one line for people */
async function connect(options: LoadOptions): Promise<Api> {
  const { client, dataDir } = readConfig(process.env)
  const server = await findServer(options.url ?? client.url, dataDir)
  if (!options['allow-remote'] && !isLocal(server.url))
    throw new Error(`${server.url} is not this machine: --allow-remote puts load on it all the same`)
  return createApi(server.url, requiredKey(await findKey(client.apiKey, server, dataDir), dataDir))
}

async function measure(api: Api, options: LoadOptions, keys: LoadKey[], signal: AbortSignal): Promise<Summary> {
  await makeKeys(api, options.keys, keys, signal)
  if (signal.aborted) throw new Error('interrupted before it began')
  say(`${options.keys} keys are made; ${options.mode}, ${options.rate} requests a second for ${options.duration} s`)
  const before = await readDropped(api.url)
  const measured = await runLoad({
    ...{ url: api.url, options, signal },
    requests: makeRequests(options.mode, keys, api.authorization),
    onProgress: ({ seconds, answers, failed }) => say(`  ${seconds} s: ${answers} answers, ${failed} failed`),
  })
  const after = await readDropped(api.url)
  return {
    ...{ url: api.url, mode: options.mode, keys: keys.length, ...measured },
    droppedUsageEvents: before === undefined || after === undefined ? null : after - before,
    interrupted: signal.aborted,
  }
}

/** @returns the exit code @throws Error, one line for people, where it cannot begin */
async function main(options: LoadOptions): Promise<number> {
  const api = await connect(options)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const keys: LoadKey[] = []
  try {
    const summary = await measure(api, options, keys, stop.signal)
    process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : tellSummary(summary))
    return hasFailed(summary) ? 1 : 0
  } finally {
    const left = await revokeKeys(api, keys)
    say(`${keys.length - left.length} keys are revoked`)
    if (left.length > 0) say(`could not be revoked, and have to be by hand: ${left.join(' ')}`)
  }
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(help)
  else process.exitCode = await main(options)
} catch (error) {
  say(`loadtest: ${error instanceof Error ? error.message : 'it failed'}`)
  process.exitCode = 2
}
