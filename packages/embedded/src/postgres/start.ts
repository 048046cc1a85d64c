import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EmbeddedOptions, preparePlaces } from '../host/environment.ts'
import { keptPort } from '../host/kept-port.ts'
import { endProcess } from '../host/process.ts'
import { findWay } from '../host/reach.ts'
import { readOrMakePassword } from '../host/secret-file.ts'
import { type Server, spawnServer } from '../host/server.ts'
import { findPostgresPrograms } from './binaries.ts'
import { ensureDatabase, postgresAnswers } from './database.ts'
import { initPostgres } from './init.ts'
import { postgresSettings } from './settings.ts'

/** The role and the database that the embedded server holds for Momentry. */
const name = 'momentry'

/**
 * Starts a real PostgreSQL in a data directory, made at the first start; one that still runs there is ended first.
 * @returns the server; its `url` is that of Momentry's own database, by a role that is no superuser
 * @throws Error, for people, where it cannot run here or does not start
 */
export async function startPostgres(options: EmbeddedOptions): Promise<Server> {
  const { dataDir, durable = true, tell = () => {} } = options
  const programs = await findPostgresPrograms()
  const { user, dir, logFile, portFile } = await preparePlaces(dataDir, 'postgres')
  const adminFile = join(dataDir, 'postgres.superuser.password')
  const adminPassword = await readOrMakePassword(adminFile, user)
  const password = await readOrMakePassword(join(dataDir, 'postgres.password'))
  const runAs = await findWay(user, [programs.initdb, programs.postgres, adminFile], tell)
  if (await endLeftoverPostgres(dataDir)) tell('ended a PostgreSQL that an earlier run had left behind')
  await initPostgres({ dir, initdb: programs.initdb, runAs, user, passwordFile: adminFile, durable })

  const port = options.port ?? (await keptPort(portFile))
  const adminUrl = `postgres://postgres:${adminPassword}@127.0.0.1:${port}/postgres`
  const server = await spawnServer({
    name: 'PostgreSQL',
    command: runAs(programs.postgres, ['-D', dir, ...postgresSettings(port, durable)]),
    logFile,
    stopSignal: 'SIGINT',
    url: `postgres://${name}:${password}@127.0.0.1:${port}/${name}`,
    port,
    answers: (signal) => postgresAnswers(adminUrl, signal),
  })
  try {
    await ensureDatabase(adminUrl, name, password)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

/** Ends a PostgreSQL that still runs in a data directory, by a fast shutdown; tells whether there was one. */
export async function endLeftoverPostgres(dataDir: string): Promise<boolean> {
  const dir = join(dataDir, 'postgres')
  const lines = (await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 1 ? endProcess(pid, dir, 'SIGINT') : false
}
