import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { examineStores } from '../doctor/examine-stores.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { createPost, type Post } from '../support/load.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import type { TestServer } from '../support/servers/test-server.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { readBlocks, readCommands } from './shell-words.ts'

const passwords = {
  API_PASSWORD: 'a1',
  WORKER_PASSWORD: 'w1',
  ALERTER_PASSWORD: 'd1',
  LISTENER_PASSWORD: 'l1',
  DOCTOR_PASSWORD: 'x1',
}
const apps = { api: passwords.API_PASSWORD, worker: passwords.WORKER_PASSWORD, alerter: passwords.ALERTER_PASSWORD }
const page = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8')

const unreadable = [
  ['momentry:usage:{0}', 'momentry:usage-dead:{0}'],
  ['momentry:anomalies:{0}', 'momentry:anomalies-dead:{0}'],
] as const

const createdKey = z.object({ id: z.string(), key: z.string() })

/** The lines of docs/redis.md, as they stand there, on a real Redis with the real processes. */
describe('the ACL users of docs/redis.md', () => {
  let redis: TestServer
  let stores: TestStores
  let admin: Redis
  let operator: { keyId: string; key: string }
  let url: string
  let post: Post
  /** What the api needs for the board of the queues. */
  let addition: string[]
  const processes: TestProcess[] = []
  const clients: Redis[] = []

  const urlOf = (user: string, password: string) => {
    const own = new URL(redis.url)
    own.username = user
    own.password = password
    return own.href
  }
  const connect = (url: string) => {
    const client = new Redis(url, { protocol: 2, disableClientInfo: true, enableReadyCheck: false })
    clients.push(client)
    return client
  }
  const start = async (app: 'api' | 'worker' | 'alerter') => {
    const { MOMENTRY_REDIS_PREFIX: _, ...env } = stores.env
    const started = await startProcess(app, { ...env, REDIS_URL: urlOf(`momentry-${app}`, apps[app]) })
    processes.push(started)
    return started
  }
  const validate = async (key: string) => {
    const answer = await post('/v1/keys/validate', { key })
    return z.object({ code: z.string() }).parse(await answer.json()).code
  }

  beforeAll(async () => {
    redis = await startPrivateRedis()
    stores = await createTestStores()
    admin = connect(redis.url)
    const commands = readBlocks(page, 'sh').flatMap((block) => readCommands(block, passwords))
    const set = commands.filter((words) => words.slice(0, 3).join(' ') === 'redis-cli ACL SETUSER')
    const rules = set.filter((words) => words[4] === 'reset')
    addition = set.find((words) => words[4] !== 'reset') ?? []
    expect(rules.map((words) => words[3])).toEqual([
      'momentry-api',
      'momentry-worker',
      'momentry-alerter',
      'alert-listener',
      'momentry-doctor',
    ])
    for (const [, ...rule] of rules) await admin.call('ACL', ...rule.slice(1))
    operator = await createBootstrapKey(stores.databaseUrl)
    const [api] = await Promise.all([start('api'), start('worker'), start('alerter')])
    url = api.url ?? ''
    post = createPost(url, operator.key)
  })

  afterAll(async () => {
    const codes = await Promise.all(processes.map((process) => process.stop()))
    for (const client of clients) client.disconnect()
    await stores.close()
    await redis.close()
    expect(codes).toEqual([0, 0, 0])
  })

  it('let usage become an alert, a revoke take effect, sums reach Postgres, and refuse no command of ours', async () => {
    const listener = connect(urlOf('alert-listener', passwords.LISTENER_PASSWORD))
    const alerts: string[] = []
    listener.on('message', (_channel, message) => alerts.push(message))
    await listener.subscribe('momentry:anomaly:alerts')
    const created = await post('/v1/keys', { type: 'service', name: 'under rules' })
    const { id: keyId, key } = createdKey.parse(await created.json())
    expect(await validate(key)).toBe('VALID')
    expect(await validate('mty_nonsense')).toBe('MALFORMED')

    const counted = {
      rateLimits: [{ name: 'burst', requests: 5, windowSeconds: 60 }],
      quota: { requests: 9, refill: 'daily' },
    }
    const limited = createdKey.parse(
      await (await post('/v1/keys', { type: 'service', name: 'counts', policy: counted })).json(),
    )
    const question = { key: limited.key, requestId: 'one' }
    expect(await (await post('/v1/keys/validate', question)).text()).toContain('"remaining":8')
    expect((await post(`/v1/keys/${limited.id}/limits/reset`, {})).status).toBe(204)

    const events = Array.from({ length: 1000 }, () => ({ keyId, status: 200, ip: '192.0.2.7' }))
    for (const name of ['one', 'two'])
      expect((await post('/v1/usage', { events }, { 'idempotency-key': name })).status).toBe(202)
    await untilHolds(() => expect(alerts.join()).toContain(keyId))

    // By the api's bell, the worker's queue and the alerter's policy, in turn.
    const acts = { type: 'service', name: 'acts', policy: { onAnomaly: 'rotate', minimumSeverity: 'medium' } }
    const watched = createdKey.parse(await (await post('/v1/keys', acts)).json())
    expect((await post(`/v1/keys/${keyId}/rotate`, { graceSeconds: 0 })).status).toBe(202)
    await untilHolds(async () => expect(await validate(key)).toBe('ROTATED'))
    const flood = Array.from({ length: 1000 }, () => ({ keyId: watched.id, status: 200, ip: '192.0.2.8' }))
    for (const name of ['three', 'four'])
      expect((await post('/v1/usage', { events: flood }, { 'idempotency-key': name })).status).toBe(202)
    await untilHolds(async () => expect(await validate(watched.key)).toBe('ROTATED'))
    await untilHolds(() => expect(alerts.join()).toContain('policy.acted'))

    expect((await post(`/v1/keys/${keyId}/revoke`, {})).status).toBe(200)
    await untilHolds(async () => expect(await validate(key)).toBe('REVOKED'))

    const authorization = `Bearer ${operator.key}`
    const read = (path: string) => fetch(`${url}${path}`, { headers: { authorization } })
    // Each validation of the key counts as well, and there are as many as it was waited for.
    await untilHolds(async () =>
      expect(await (await read(`/v1/keys/${keyId}/stats`)).text()).toMatch(/"requests":20\d\d/),
    )
    expect(await (await read('/metrics')).text()).toMatch(/momentry_stream_entries\{.*state="lag"/)
    expect((await read('/readyz')).status).toBe(200)
    expect(await (await read('/v1/system')).json()).toMatchObject({ redis: { connected: true } })
    expect(await (await read(`/v1/keys/${keyId}/activity`)).json()).toMatchObject({ habit: { ready: false } })

    const free = async (path: string) =>
      (await fetch(`${url}/v1/lockouts${path}`, { method: 'DELETE', headers: { authorization } })).status
    const guess = { key: 'mty_nonsense', clientIp: '192.0.2.9' }
    for (let n = 0; n < 5; n += 1) await post('/v1/keys/validate', guess)
    await untilHolds(async () => expect(await (await read('/v1/lockouts')).text()).toContain(guess.clientIp))
    expect([await free('/192.0.2.9'), await free('/192.0.2.9'), await free('')]).toEqual([204, 404, 200])

    // Entries that nobody can read go the way of dead letters, which takes commands of their own.
    for (const [stream, dead] of unreadable) {
      await admin.xadd(stream, '*', 'nothing', 'of ours')
      await untilHolds(async () => expect(await admin.xlen(dead)).toBe(1))
    }

    // All but the dead letters is as it should be, and can be read.
    const { MOMENTRY_REDIS_PREFIX: _, ...env } = stores.env
    const findings = await examineStores({
      ...env,
      REDIS_URL: urlOf('momentry-doctor', passwords.DOCTOR_PASSWORD),
      BACKUP_SCHEDULE: 'off',
    })
    expect(findings.filter(({ level }) => level === 'failed').map(({ check }) => check)).toEqual([
      'streams.usage.dead-letters',
      'streams.anomalies.dead-letters',
    ])

    const refused = z.array(z.array(z.unknown())).parse(await admin.call('ACL', 'LOG'))
    const field = (entry: unknown[], name: string) => String(entry[entry.indexOf(name) + 1])
    const objects = refused.map((entry) => `${field(entry, 'username')}: ${field(entry, 'object')}`)
    expect(objects.filter((object) => !object.endsWith(': client|setinfo'))).toEqual([])
    for (const { output } of processes) expect(output()).not.toMatch(/NOPERM/)
  })

  const window = 'momentry:window:{0}:x'
  it.each<[keyof typeof apps, string, ...string[]]>([
    ['api', 'FLUSHALL'],
    ['api', 'KEYS', '*'],
    ['api', 'CONFIG', 'GET', '*'],
    ['api', 'SET', window, 'x'],
    ['api', 'XDEL', 'momentry:usage:{0}', '1-0'],
    ['api', 'XREADGROUP', 'GROUP', 'workers', 'api', 'STREAMS', 'momentry:usage:{0}', '>'],
    ['api', 'EVAL', "return redis.call('XTRIM', KEYS[1], 'MAXLEN', '0')", '1', 'momentry:usage:{0}'],
    ['api', 'SET', 'momentry:usage:{0}', 'x'],
    ['api', 'XDEL', 'momentry:anomalies:{0}', '1-0'],
    ['api', 'GET', 'momentry:locked'],
    ['api', 'PUBLISH', 'momentry:anomaly:alerts', '{}'],
    ['worker', 'FLUSHALL'],
    ['worker', 'CONFIG', 'GET', '*'],
    ['worker', 'GET', 'momentry:lockout:192.0.2.1'],
    ['worker', 'XADD', 'momentry:usage:{0}', '*', 'batch', '{}'],
    ['worker', 'SUBSCRIBE', 'momentry:anomaly:alerts'],
    ['worker', 'PUBLISH', 'momentry:anomaly:alerts', '{}'],
    ['worker', 'SORT', '{momentry}:queues:upkeep:wait'],
    ['alerter', 'FLUSHALL'],
    ['alerter', 'XADD', 'momentry:usage:{0}', '*', 'batch', '{}'],
    ['alerter', 'XADD', 'momentry:anomalies:{0}', '*', 'finding', '{}'],
    ['alerter', 'GET', window],
    ['alerter', 'SUBSCRIBE', 'momentry:keys:changed'],
    ['alerter', 'SET', '{momentry}:queues:rotations:id', '1'],
    ['api', 'SET', '{momentry}:queues:rotations:id', '1'],
  ])('refuse %s the command %s', async (app, command, ...args) => {
    const client = connect(urlOf(`momentry-${app}`, apps[app]))
    await expect(client.call(command, ...args)).rejects.toThrow(/NOPERM|No permissions|can't run this command/)
    client.disconnect()
  })

  it('let the api show the queues where it was given them', async () => {
    const headers = { authorization: `Bearer ${operator.key}` }
    const ask = async (method: string, path: string) =>
      (await fetch(`${url}/console/queues/api/queues${path}`, { method, headers })).status
    const list = '?page=1&jobsPerPage=10&activeQueue=rotations'
    expect(await ask('GET', list)).toBe(500)
    await admin.call('ACL', ...addition.slice(2))
    expect(await ask('GET', list)).toBe(200)
    for (const change of ['pause', 'resume']) expect(await ask('PUT', `/rotations/${change}`)).toBe(200)
  })
})
