import { findRedisPrograms } from '@momentry/embedded/redis/program.ts'
import { subscribeToChanges } from '@momentry/shared/keys/changes/subscribe.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory } from '@momentry/shared/platform/redis/client.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Call, codeOf, createClient, makeKey } from '../api/client.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { createPost, startReporter } from '../support/load.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, partitions, type Workbench } from '../support/workbench.ts'
import { type ClusterNode, type RedisCluster, startRedisCluster } from './redis-cluster.ts'

const programs = await findRedisPrograms()
const log = createLogger({ name: 'test', level: 'silent' })
const keyOf = (body: unknown) => z.looseObject({ key: z.string() }).parse(body).key

if (programs.length === 0) it.skip('a cluster: neither redis-server nor valkey-server is installed')

/** The whole way on a real cluster, while a slot moves and a master dies. */
describe.each(programs)('a cluster of %s', (program) => {
  let cluster: RedisCluster
  let stores: TestStores
  let bench: Workbench
  let call: Call
  let root: string
  let api: TestProcess
  const processes: TestProcess[] = []
  beforeAll(async () => {
    cluster = await startRedisCluster(program)
    stores = await createTestStores()
    const env = { ...stores.env, REDIS_URL: cluster.url }
    bench = await createWorkbench(env)
    root = (await createBootstrapKey(stores.databaseUrl)).key
    const [first, ...others] = await Promise.all(
      (['api', 'worker', 'alerter'] as const).map((app) => startProcess(app, env)),
    )
    if (!first) throw new Error('no api')
    api = first
    processes.push(first, ...others)
    call = createClient(api.url, root)
  })
  afterAll(async () => {
    const codes = await Promise.all(processes.map((process) => process.stop()))
    await bench?.close()
    await stores?.close()
    await cluster?.close()
    expect(codes.filter((code) => code !== 0)).toEqual([])
  })

  const validate = async (key: string) =>
    codeOf(await call('POST', '/v1/keys/validate', { body: { key, recordUsage: false } }))

  /** A key is made, used until it is told of, rotated, claimed and revoked. */
  const goAllTheWay = async () => {
    const { id, key } = await makeKey(call, {
      policy: { rateLimits: [{ name: 'minute', requests: 1_000, windowSeconds: 60 }] },
    })
    expect(await validate(key)).toBe('VALID')
    const events = Array.from({ length: 6 }, (_, n) => ({ keyId: id, status: 200, ip: `192.0.2.${n}` }))
    await untilHolds(async () => expect((await call('POST', '/v1/usage', { body: { events } })).status).toBe(202))
    await untilHolds(() =>
      expect(bench.alerts.some(({ data }) => 'keyId' in data && data.keyId === id && 'rule' in data)).toBe(true),
    )
    expect((await call('POST', `/v1/keys/${id}/rotate`, { body: {} })).status).toBe(202)
    const claim = () => createClient(api.url, key)('POST', '/v1/keys/self/claim')
    await untilHolds(async () => expect((await claim()).status).toBe(200))
    const next = keyOf((await claim()).body)
    await untilHolds(async () => expect([await validate(key), await validate(next)]).toEqual(['VALID', 'VALID']))
    await call('DELETE', `/v1/keys/${id}`)
    await untilHolds(async () => expect([await validate(key), await validate(next)]).toEqual(['REVOKED', 'REVOKED']))
  }

  it('carries everything from a key to its alert, its rotation and its end', goAllTheWay)

  it('loses nothing and counts nothing twice while a slot moves under load', async () => {
    const { id } = await makeKey(call)
    const stream = bench.names.usageStream(partitionOf(id, partitions))
    const load = startReporter(createPost(api.url ?? '', root), id)
    await untilHolds(() => expect(load.seen.accepted).toBeGreaterThan(100))
    await cluster.moveSlot(stream, async () => {
      // What needs keys that are there and keys that are not cannot be done in such a slot: reporters are told to come again.
      const answer = await call('POST', '/v1/usage', { body: { events: [{ keyId: id, status: 200 }] } })
      expect([answer.status, codeOf(answer)]).toEqual([503, 'REDIS_UNAVAILABLE'])
    })
    const before = load.seen.accepted
    await untilHolds(() => expect(load.seen.accepted).toBeGreaterThan(before + 100))
    await load.stop()
    await untilHolds(async () => expect(await sumOf(id)).toBe(load.seen.accepted))
  })

  it('goes on when a master dies and its replica takes over, with all that was there', async () => {
    // The one that has the queues of the workers' jobs, and a key whose partition it has too.
    const victim = await cluster.masterOf(bench.names.queuePrefix)
    const id = await makeKeyOn(victim)
    // Another key than before: reports are told apart by their name and by who sends them.
    const { key } = await createBootstrapKey(stores.databaseUrl)
    const post = createPost(api.url ?? '', key)
    const first = startReporter(post, id)
    await untilHolds(() => expect(first.seen.accepted).toBeGreaterThan(100))
    // Replication is asynchronous: what was answered in the very moment of the death may be lost, so nothing is sent then.
    await first.stop()
    const listener = await listenOn(victim.port)
    const killing = cluster.killMaster(victim)
    const statuses: number[] = []
    await untilHolds(async () => {
      const events = [{ keyId: id, status: 200 }]
      statuses.push((await post('/v1/usage', { events }, { 'idempotency-key': 'after-the-failover' })).status)
      expect(statuses.at(-1)).toBe(202)
    })
    await killing
    expect(statuses.filter((status) => status !== 503 && status !== 202)).toEqual([])
    await untilHolds(() => expect(listener.states).toEqual(['connected', 'disconnected', 'connected']))
    await listener.close()
    const sent = 1
    await untilHolds(async () => expect(await sumOf(id)).toBe(first.seen.accepted + sent))
    await goAllTheWay()
  })

  /** Makes keys until there is one whose usage goes by a node. */
  const makeKeyOn = async (node: ClusterNode): Promise<string> => {
    const { id } = await makeKey(call)
    const master = await cluster.masterOf(bench.names.usageStream(partitionOf(id, partitions)))
    return master.id === node.id ? id : makeKeyOn(node)
  }

  /** Hears of changes of keys by way of one node, and notes whether it may have missed some. */
  const listenOn = async (port: number) => {
    const createRedis = createRedisFactory({ url: cluster.url, name: 'test', log })
    let redis = createRedis('subscriber')
    while (!(redis instanceof Redis) || redis.options.port !== port) {
      redis.disconnect()
      redis = createRedis('subscriber')
    }
    const states: string[] = []
    const end = subscribeToChanges(
      { redis, names: bench.names, log },
      {
        drop: () => undefined,
        connected: () => states.push('connected'),
        disconnected: () => states.push('disconnected'),
      },
    )
    await untilHolds(() => expect(states).toEqual(['connected']))
    const close = () => {
      end()
      return closeRedis(redis)
    }
    return { states, close }
  }

  const sumOf = async (keyId: string) => {
    const { rows } = await bench.postgres.pool.query(
      'SELECT coalesce(sum(requests), 0)::int AS sum FROM api_key_usage WHERE key_id = $1',
      [keyId],
    )
    return rows[0].sum
  }
})
