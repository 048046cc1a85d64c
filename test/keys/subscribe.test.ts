import { subscribeToChanges } from '@momentry/shared/keys/changes/subscribe.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory, type RedisClient } from '@momentry/shared/platform/redis/client.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import type { TestServer } from '../support/servers/test-server.ts'

const names = createNames('momentry')
const log = createLogger({ name: 'test', level: 'silent' })

let server: TestServer
let redis: RedisClient
let subscriber: RedisClient
const heard: string[] = []
let unsubscribe: () => void
const last = () => heard.at(-1)

beforeAll(async () => {
  server = await startPrivateRedis()
  const createRedis = createRedisFactory({ url: server.url, name: 'test', log })
  redis = createRedis('blocking')
  subscriber = createRedis('subscriber')
  unsubscribe = subscribeToChanges(
    { redis: subscriber, names, log },
    {
      drop: (keyId) => heard.push(keyId),
      connected: () => heard.push('connected'),
      disconnected: () => heard.push('disconnected'),
    },
  )
})
afterAll(async () => {
  unsubscribe()
  await Promise.all([closeRedis(subscriber), closeRedis(redis)])
  await server.close()
})

const publish = (message: string) => redis.publish(names.changeChannel, message)

describe('subscribeToChanges', () => {
  it('hears of changes, and outlives messages that are none', async () => {
    await expect.poll(last).toBe('connected')
    const keyId = createId()
    for (const message of ['', '{', '{"keyId":7}', '[]', JSON.stringify({ keyId })]) await publish(message)
    await expect.poll(last).toBe(keyId)
    expect(heard).toEqual(['connected', keyId])
  })

  it('tells when its connection is cut and when it is back', async () => {
    heard.length = 0
    await redis.call('CLIENT', 'KILL', 'TYPE', 'PUBSUB')
    await expect.poll(last).toBe('connected')
    expect(heard).toEqual(['disconnected', 'connected'])
    const keyId = createId()
    await publish(JSON.stringify({ keyId }))
    await expect.poll(last).toBe(keyId)
  })

  it('notices a connection that is open and dead', async () => {
    heard.length = 0
    // Redis reads nothing and answers nothing, and closes no connection.
    await redis.call('CLIENT', 'PAUSE', '5000', 'ALL')
    await expect.poll(last).toBe('disconnected')
    await expect.poll(last).toBe('connected')
  })
})
