import type { Alert } from '@momentry/shared/alerts/alert.ts'
import { publishAlert } from '@momentry/shared/alerts/publish.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory, type RedisClient, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames, type Names } from '@momentry/shared/platform/redis/names.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient, makeKey } from './client.ts'
import { type Harness, startHarness } from './harness.ts'

let t: Harness
let redis: RedisClient
let names: Names
beforeAll(async () => {
  t = await startHarness()
  const log = createLogger({ name: 'test', level: 'silent' })
  redis = createRedisFactory({ url: t.stores.redisUrl, name: 'test', log })('command')
  names = createNames(t.stores.prefix)
  await whenReady(redis)
})
afterAll(async () => {
  await closeRedis(redis)
  await t.close()
})

const alert: Alert = {
  type: 'anomaly.detected',
  timestamp: '2026-01-05T12:00:00.000Z',
  data: {
    id: createId(),
    keyId: createId(),
    keyName: 'two\nlines',
    keyType: 'service',
    rule: 'multiple_ips',
    severity: 'medium',
    observed: 6,
    threshold: 5,
    window: { start: '2026-01-05T11:00:01.000Z', end: '2026-01-05T12:00:00.000Z' },
    explanation: '6 addresses',
  },
}

/** Reads a stream until it holds a text, and then leaves it. */
async function readUntil(path: string, key: string, text: string, meanwhile: () => Promise<void>): Promise<string> {
  const leave = new AbortController()
  const answer = await fetch(`${t.api.url}${path}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: leave.signal,
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  let seen = ''
  for await (const chunk of answer.body ?? []) {
    seen += Buffer.from(chunk).toString('utf8')
    if (seen.includes('listening')) await meanwhile()
    if (seen.includes(text)) break
  }
  leave.abort()
  return seen
}

describe('GET /v1/alerts/stream', () => {
  it('passes on what is published on the channel, as one event', async () => {
    const seen = await readUntil('/v1/alerts/stream', t.root.key, 'data:', () => publishAlert(redis, names, alert))
    expect(seen).toContain('event: alert\n')
    const [, data = ''] = /^data: (.*)$/m.exec(seen) ?? []
    expect(JSON.parse(data)).toEqual(alert)
  })

  it('passes nothing on that is no alert', async () => {
    const seen = await readUntil('/v1/alerts/stream', t.root.key, 'data:', async () => {
      await redis.publish(names.alertChannel, 'nonsense')
      await publishAlert(redis, names, alert)
    })
    expect(seen).not.toContain('nonsense')
    await vi.waitFor(() => expect(t.api.output()).toContain('could not be read'))
  })

  it('ends when the key is revoked, before it passes anything more on', async () => {
    const { id, key } = await makeKey(t.asRoot, { scopes: ['anomalies:read'] })
    const seen = await readUntil('/v1/alerts/stream', key, 'data:', async () => {
      await t.asRoot('DELETE', `/v1/keys/${id}`)
      await expect.poll(async () => (await createClient(t.api.url, key)('GET', '/v1/anomalies')).status).toBe(401)
      await publishAlert(redis, names, alert)
    })
    expect(seen).toBe(': listening\n\n')
  })

  it('needs a key with anomalies:read', async () => {
    expect((await t.asAnyone('GET', '/v1/alerts/stream')).status).toBe(401)
    expect((await (await t.as('keys:read'))('GET', '/v1/alerts/stream')).status).toBe(403)
  })
})
