import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { prepareServerDir } from '../host/data-dir.ts'
import { type EmbeddedOptions, preparePlaces } from '../host/environment.ts'
import { keptPort } from '../host/kept-port.ts'
import { endProcess } from '../host/process.ts'
import { findWay } from '../host/reach.ts'
import { readOrMakePassword, writePrivateFile } from '../host/secret-file.ts'
import { type Server, spawnServer } from '../host/server.ts'
import { findRedisProgram } from './program.ts'
import { redisSettings } from './settings.ts'

/**
 * Starts a real Redis (or Valkey) in a data directory; one that still runs there is ended first.
 * @throws Error, for people, where there is no such program on the path or it does not start
 */
export async function startRedis(options: EmbeddedOptions): Promise<Server> {
  const { dataDir, durable = true, tell = () => {} } = options
  const program = await findRedisProgram()
  if (!program) throw new Error('Neither redis-server nor valkey-server is installed; install one or set REDIS_URL')
  const { user, dir, logFile, portFile } = await preparePlaces(dataDir, 'redis')
  await prepareServerDir(dir, user)
  const password = await readOrMakePassword(join(dataDir, 'redis.password'))
  if (await endLeftoverRedis(dataDir)) tell('ended a Redis that an earlier run had left behind')

  const port = options.port ?? (await keptPort(portFile))
  const configFile = configOf(dataDir)
  await writePrivateFile(configFile, redisSettings({ dir, port, password, durable }), user)
  const runAs = await findWay(user, [program, configFile], tell)
  return spawnServer({
    name: 'Redis',
    command: runAs(program, [configFile]),
    logFile,
    stopSignal: 'SIGTERM',
    // With the user's name, since redis-cli takes a URL without one for a user of the empty name.
    url: `redis://default:${password}@127.0.0.1:${port}`,
    port,
    answers: (signal) => redisAnswers(port, password, signal),
  })
}

/** Ends a Redis that still runs in a data directory, after it has written its append-only file; tells whether there was one. */
export async function endLeftoverRedis(dataDir: string): Promise<boolean> {
  const pid = Number(await readFile(join(dataDir, 'redis', 'redis.pid'), 'utf8').catch(() => ''))
  return Number.isInteger(pid) && pid > 1 ? endProcess(pid, configOf(dataDir), 'SIGTERM') : false
}

const configOf = (dataDir: string) => join(dataDir, 'redis', 'redis.conf')

async function redisAnswers(port: number, password: string, signal: AbortSignal): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port, password, retryStrategy: () => 25, maxRetriesPerRequest: null })
  client.on('error', () => {})
  signal.addEventListener('abort', () => client.disconnect())
  await client.ping()
  client.disconnect()
}
