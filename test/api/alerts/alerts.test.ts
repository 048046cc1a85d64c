import { publishAlert } from '@momentry/shared/alerts/publish.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeAlert, tellAlert } from '../../support/alerts.ts'
import { type EventStream, openEventStream } from '../../support/event-stream.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { createClient, makeKey } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const open = (more: { key?: string; query?: string; lastEventId?: string | number } = {}) =>
  openEventStream(`${t.api.url}/v1/alerts/stream${more.query ?? ''}`, {
    key: more.key ?? t.root.key,
    ...(more.lastEventId !== undefined && { lastEventId: more.lastEventId }),
  })

/** Opens a stream, waits until it holds so many alerts, and gives their numbers. */
async function seqsOf(opening: Promise<EventStream>, count: number): Promise<number[]> {
  const stream = await opening
  await expect.poll(() => stream.seqs().length).toBeGreaterThanOrEqual(count)
  await stream.cut()
  return stream.seqs()
}

async function tell(count: number): Promise<number[]> {
  const seqs = []
  for (let n = 0; n < count; n += 1) seqs.push(await tellAlert(bench))
  return seqs
}

describe('GET /v1/alerts/stream', () => {
  it('passes on what is told, as one event with its number', async () => {
    const stream = await open()
    await expect.poll(() => stream.events[0]?.event).toBe('listening')
    const alert = makeAlert()
    const seq = await tellAlert(bench, alert)
    await expect.poll(stream.seqs).toEqual([seq])
    expect(JSON.parse(stream.events[1]?.data ?? '')).toEqual(alert)
    await stream.cut()
  })

  it('passes on each alert once, however often it is told', async () => {
    const stream = await open()
    const alert = makeAlert()
    const first = await tellAlert(bench, alert)
    expect(await tellAlert(bench, { ...alert, timestamp: '2026-01-05T12:00:09.000Z' })).toBe(first)
    const second = await tellAlert(bench)
    await expect.poll(stream.seqs).toEqual([first, second])
    expect(bench.alerts.filter(({ data }) => data.id === alert.data.id)).toEqual([alert, alert])
    await stream.cut()
  })

  it('takes the channel for a bell only: what is on it alone is not passed on', async () => {
    const stream = await open()
    await publishAlert(bench.redis, bench.names, makeAlert())
    const seq = await tellAlert(bench)
    await expect.poll(stream.seqs).toEqual([seq])
    await stream.cut()
  })

  it('sends what was missed first, after the last number that came', async () => {
    const seqs = await tell(5)
    const [first = 0, , third = 0] = seqs
    expect(await seqsOf(open({ lastEventId: third }), 2)).toEqual(seqs.slice(3))
    expect(await seqsOf(open({ query: `?since=${first}` }), 4)).toEqual(seqs.slice(1))
    expect(await seqsOf(open({ query: `?since=${first}`, lastEventId: third }), 2)).toEqual(seqs.slice(3))
    expect((await seqsOf(open({ query: '?since=0' }), 5))[0]).toBe(1)
  })

  it('gives the number to come back with before any alert came', async () => {
    const stream = await open()
    await expect.poll(() => stream.events.length).toBe(1)
    await stream.cut()
    const seqs = await tell(2)
    expect(await seqsOf(open({ lastEventId: stream.events[0]?.id ?? '' }), 2)).toEqual(seqs)
  })

  it.each(['nonsense', '-1', '1e400', '9007199254740991', '2026-01-05T12:00:00.000Z_x'])(
    'goes on from now after the number %s, which the log never gave',
    async (lastEventId) => {
      const stream = await open({ lastEventId })
      await expect.poll(() => stream.events.length).toBe(1)
      const seq = await tellAlert(bench)
      await expect.poll(stream.seqs).toEqual([seq])
      await stream.cut()
    },
  )

  it('ends when the key is revoked, before it passes anything more on', async () => {
    const { id, key } = await makeKey(t.asRoot, { scopes: ['anomalies:read'] })
    const stream = await open({ key })
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    await expect.poll(async () => (await createClient(t.api.url, key)('GET', '/v1/anomalies')).status).toBe(401)
    await tellAlert(bench)
    await stream.ended
    expect(stream.seqs()).toEqual([])
  })

  it('needs a key with anomalies:read, and a number where it asks for one', async () => {
    expect((await t.asAnyone('GET', '/v1/alerts/stream')).status).toBe(401)
    expect((await (await t.as('keys:read'))('GET', '/v1/alerts/stream')).status).toBe(403)
    expect((await t.asRoot('GET', '/v1/alerts/stream?since=yesterday')).status).toBe(400)
  })
})

const pageSchema = z.object({
  data: z.array(z.object({ seq: z.number(), toldAt: z.string(), owner: z.string().nullable(), alert: z.unknown() })),
  pagination: z.object({ cursor: z.string().nullable(), hasMore: z.boolean() }),
})

describe('GET /v1/alerts', () => {
  const list = async (query: string) => pageSchema.parse((await t.asRoot('GET', `/v1/alerts?${query}`)).body)
  const seqsOfList = async (query: string) => (await list(query)).data.map(({ seq }) => seq)

  it("lists what was told, the newest first, with the key's owner", async () => {
    const { id: keyId } = await makeKey(t.asRoot, { ownerId: 'team-payments' })
    const alert = makeAlert({ keyId })
    const seq = await tellAlert(bench, alert)
    const { data } = await list('limit=1')
    expect(data).toEqual([{ seq, toldAt: expect.any(String), owner: 'team-payments', alert }])
  })

  it('filters', async () => {
    const keyId = createId()
    const [low, critical] = [
      await tellAlert(bench, makeAlert({ keyId, severity: 'low' })),
      await tellAlert(bench, makeAlert({ keyId, severity: 'critical', rule: 'unusual_time' })),
    ]
    const of = (query: string) => seqsOfList(`keyId=${keyId}&${query}`)
    expect(await of('')).toEqual([critical, low])
    expect(await of('severity=low')).toEqual([low])
    expect(await of('rule=unusual_time')).toEqual([critical])
    expect(await of(`since=${low}`)).toEqual([critical])
    expect(await of('type=anomaly.escalated')).toEqual([])
    expect(await of('to=2026-01-05T12:00:00Z')).toEqual([])
    expect(await of('from=2026-01-05T12:00:00Z&type=anomaly.detected')).toEqual([critical, low])
  })

  it('pages, each alert once', async () => {
    const seqs = await tell(5)
    const since = `since=${(seqs[0] ?? 0) - 1}&limit=2`
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await list(`${since}${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...page.data.map(({ seq }) => seq))
      cursor = page.pagination.cursor
    }
    expect(seen).toEqual(seqs.toReversed())
  })

  it('needs anomalies:read, and parameters that there are', async () => {
    expect((await t.asAnyone('GET', '/v1/alerts')).status).toBe(401)
    expect((await (await t.as('alerts:read'))('GET', '/v1/alerts')).status).toBe(403)
    for (const query of ['cursor=x', 'cursor=-1', 'since=-1', 'type=unknown', 'limit=0', 'unknown=1'])
      expect((await t.asRoot('GET', `/v1/alerts?${query}`)).status, query).toBe(400)
  })
})
