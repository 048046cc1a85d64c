import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@momentry/embedded/host/free-port.ts'
import { findRedisProgram } from '@momentry/embedded/redis/program.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { type RedisAccess, readAuthorities } from '@momentry/shared/platform/redis/access.ts'
import { closeRedis, createRedisFactory, type RedisClient, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificate } from './support/remote/certificate.ts'
import { untilHolds } from './support/until-holds.ts'

const program = await findRedisProgram()
let folder: string
const started: ChildProcess[] = []
const clients: RedisClient[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'momentry-redis-'))
  await writeFile(join(folder, 'key.pem'), certificate.key)
  await writeFile(join(folder, 'cert.pem'), certificate.cert)
})
afterAll(async () => {
  await Promise.all(clients.map(closeRedis))
  for (const child of started) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

function start(...args: string[]): ChildProcess {
  const child = spawn(program ?? '', args, { cwd: folder, stdio: 'ignore' })
  started.push(child)
  return child
}

function connect(url: string, access: RedisAccess): RedisClient {
  const log = createLogger({ name: 'test', level: 'silent' })
  const client = createRedisFactory({ url, access, name: 'test', log })('queue')
  clients.push(client)
  return client
}

const plain = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1']

describe.skipIf(program === undefined)('a Redis behind TLS', () => {
  it('is met with authorities of our own, and not without', async () => {
    const port = await freePort()
    const tls = [
      '--port',
      '0',
      '--tls-port',
      String(port),
      '--tls-cert-file',
      'cert.pem',
      '--tls-key-file',
      'key.pem',
      '--tls-auth-clients',
      'no',
    ]
    start(...plain, ...tls, '--tls-ca-cert-file', 'cert.pem')
    const client = connect(`rediss://127.0.0.1:${port}`, { ca: readAuthorities(join(folder, 'cert.pem')) })
    await untilHolds(() => expect(client.status).toBe('ready'))
    expect(await client.ping()).toBe('PONG')
    const stranger = connect(`rediss://127.0.0.1:${port}`, {})
    await whenReady(stranger, 500)
    expect(stranger.status).not.toBe('ready')
    stranger.disconnect()
  })

  it('is told of where its file cannot be read', () => {
    expect(() => readAuthorities(join(folder, 'none.pem'))).toThrow('REDIS_CA_FILE')
  })
})

describe.skipIf(program === undefined)('a master that sentinels watch', () => {
  it('is found by their name for it, and its successor after it died', async () => {
    const [first, second, sentinel] = [await freePort(), await freePort(), await freePort()]
    const password = 'pass-of-the-master'
    const secured = ['--requirepass', password, '--masterauth', password]
    const master = start(...plain, '--port', String(first), ...secured)
    start(
      ...plain,
      '--port',
      String(second),
      '--replicaof',
      '127.0.0.1',
      String(first),
      ...secured,
      '--repl-diskless-sync-delay',
      '0',
    )
    await writeFile(
      join(folder, 'sentinel.conf'),
      [
        `port ${sentinel}`,
        'bind 127.0.0.1',
        `sentinel monitor main 127.0.0.1 ${first} 1`,
        `sentinel auth-pass main ${password}`,
        'sentinel down-after-milliseconds main 500',
        'sentinel failover-timeout main 2000',
      ].join('\n'),
    )
    start('sentinel.conf', '--sentinel')
    const client = connect(`redis://:${password}@127.0.0.1:${sentinel}`, { sentinelName: 'main' })
    await untilHolds(() => expect(client.status).toBe('ready'))
    await client.set('kept', 'yes')
    await untilHolds(async () => expect(await client.info('replication')).toContain('state=online'))
    await untilHolds(async () => expect(await client.wait(1, 1_000)).toBe(1))
    const asker = connect(`redis://127.0.0.1:${sentinel}`, {})
    const replicas = async () => JSON.stringify(await asker.call('SENTINEL', 'replicas', 'main'))
    await untilHolds(async () => expect(await replicas()).toContain(String(second)))
    master.kill('SIGKILL')
    await untilHolds(async () => {
      expect(await client.info('server')).toContain(`tcp_port:${second}`)
      await client.set('written', 'after')
    })
    expect(await client.mget('kept', 'written')).toEqual(['yes', 'after'])
  })
})
