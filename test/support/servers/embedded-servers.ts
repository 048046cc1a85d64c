import { readdirSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmbeddedOptions } from '@momentry/embedded/host/environment.ts'
import { commandLine, sendSignal } from '@momentry/embedded/host/process.ts'
import type { Server } from '@momentry/embedded/host/server.ts'
import { endLeftoverPostgres, startPostgres } from '@momentry/embedded/postgres/start.ts'
import { endLeftoverRedis, startRedis } from '@momentry/embedded/redis/start.ts'
import type { ServerStarters, TestServer } from './test-server.ts'

/** Its directories carry the id of the process that made them, so that a later run can tell who has left one. */
const dirName = /^momentry-test-(\d+)-/

/** Servers on this machine, each in a temporary directory. Redis keeps its file, so that its data outlive a stop. */
export const embeddedServers: ServerStarters = {
  startPostgres: () => startIn((options) => startPostgres({ ...options, durable: false })),
  startRedis: () => startIn((options) => startRedis(options)),
}

async function startIn(start: (options: EmbeddedOptions) => Promise<Server>): Promise<TestServer> {
  const dataDir = await makeTestDir()
  const server = await startServerIn(dataDir, start)
  const lastResort = () => rmSync(dataDir, { recursive: true, force: true })
  process.once('exit', lastResort)
  return {
    ...server,
    close: async () => {
      await server.close()
      process.removeListener('exit', lastResort)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Makes a directory that a later run removes, should this one not come to it. */
export function makeTestDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), `momentry-test-${process.pid}-`))
}

/** A server that may end by itself as well. */
export interface KeptServer extends TestServer {
  isRunning(): boolean
}

/** Starts a server in a data directory, which stays. It does not outlive this process. */
export async function startServerIn(
  dataDir: string,
  start: (options: EmbeddedOptions) => Promise<Server>,
): Promise<KeptServer> {
  let server = await start({ dataDir })
  let running: Server | undefined
  const keep = (started: Server) => {
    server = started
    running = started
    void started.exited.then(() => {
      if (running === started) running = undefined
    })
  }
  keep(server)
  const { url, port } = server
  const lastResort = () => void sendSignal(-server.pid, 'SIGKILL')
  process.once('exit', lastResort)
  return {
    url,
    isRunning: () => running !== undefined,
    stop: () => server.stop(),
    kill: () => server.kill(),
    start: async () => keep(await start({ dataDir, port })),
    close: async () => {
      await server.kill()
      process.removeListener('exit', lastResort)
    },
  }
}

/** Ends and removes what a test run that was killed has left on this machine. */
export async function endLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(dirName.exec(name)?.[1] ?? process.pid)
    if (pid === process.pid || (await commandLine(pid)) !== '') continue
    const dataDir = join(tmpdir(), name)
    await Promise.all([endLeftoverPostgres(dataDir), endLeftoverRedis(dataDir)])
    await rm(dataDir, { recursive: true, force: true }).catch(() => {})
  }
}
