import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRequests } from '../../rotation/support.ts'
import { createClient, makeKey, pageOf } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

// No worker runs, so what is queued stays queued.
let t: Harness
let r: ReturnType<typeof createRequests>
beforeAll(async () => {
  t = await shareHarness()
  r = createRequests(t.asRoot)
})
afterAll(() => t.close())

const unknown = createId()
const cancel = (id: string, call = t.asRoot) => call('POST', `/v1/rotations/${id}/cancel`)
const queued = async (body: object = {}) => r.request((await makeKey(t.asRoot)).id, body)

describe('GET /v1/rotations', () => {
  it('filters, and pages from the newest to the oldest', async () => {
    const { id } = await makeKey(t.asRoot)
    const first = await r.request(id)
    const second = await r.request(id, { forced: true })
    await cancel(second)
    const third = await r.request(id, { forced: true })
    const list = async (query: string) => pageOf(await t.asRoot('GET', `/v1/rotations?keyId=${id}&${query}`))
    expect(await list('')).toEqual({ ids: [third, second, first], cursor: null, hasMore: false })
    expect((await list('state=cancelled')).ids).toEqual([second, first])
    expect((await list('kind=forced')).ids).toEqual([third, second])
    expect((await list('kind=forced&state=queued')).ids).toEqual([third])
    expect((await list('kind=scheduled')).ids).toEqual([])
    const page = await list('limit=2')
    expect(page).toMatchObject({ ids: [third, second], hasMore: true })
    expect(await list(`limit=2&cursor=${page.cursor}`)).toEqual({ ids: [first], cursor: null, hasMore: false })
    expect(pageOf(await t.asRoot('GET', `/v1/rotations?keyId=${unknown}`)).ids).toEqual([])
    expect(pageOf(await t.asRoot('GET', '/v1/rotations?limit=1')).ids).toEqual([third])
  })

  it.each(['state=done', 'kind=any', 'keyId=1', 'limit=0', 'limit=201', 'cursor=x', 'owner=x', 'limit=1&limit=2'])(
    'refuses %s',
    async (query) => {
      expect(await t.asRoot('GET', `/v1/rotations?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      })
    },
  )
})

describe('a queued rotation', () => {
  it('is cancelled, once and for all, and lets another one come', async () => {
    const { id } = await makeKey(t.asRoot)
    const rotationId = await r.request(id)
    const cancelled = { status: 200, body: { id: rotationId, state: 'cancelled', error: 'cancelled by an operator' } }
    const first = await cancel(rotationId)
    expect(first).toMatchObject(cancelled)
    expect(await cancel(rotationId)).toMatchObject({ ...cancelled, body: first.body })
    const job = await t.asRoot('GET', `/v1/jobs/${Object(first.body).jobId}`)
    expect(job.body).toMatchObject({ state: 'cancelled', queue: 'rotations', keyId: id, data: { rotationId } })
    expect(await r.request(id)).not.toBe(rotationId)
  })

  it('has no grace and no successor', async () => {
    const rotationId = await queued()
    const path = `/v1/rotations/${rotationId}`
    const grace = () => t.asRoot('PATCH', path, { body: { graceSeconds: 0 } })
    const fetched = () => t.asRoot('POST', `${path}/secret`)
    for (const _ of ['queued', 'cancelled']) {
      expect(await grace()).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
      expect(await fetched()).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } })
      await cancel(rotationId)
    }
  })
})

const routes: [method: string, path: (rotationId: string, keyId: string) => string, scope: string, body?: unknown][] = [
  ['POST', (_, keyId) => `/v1/keys/${keyId}/rotate`, 'rotations:write', {}],
  ['GET', () => '/v1/rotations', 'rotations:read'],
  ['GET', (id) => `/v1/rotations/${id}`, 'rotations:read'],
  ['PATCH', (id) => `/v1/rotations/${id}`, 'rotations:write', { graceSeconds: 60 }],
  ['POST', (id) => `/v1/rotations/${id}/cancel`, 'rotations:write'],
  ['POST', (id) => `/v1/rotations/${id}/secret`, 'rotations:write'],
]

describe.each(routes)('%s %s', (method, path, scope, body) => {
  const options = body === undefined ? {} : { body }

  it(`needs a key with ${scope}`, async () => {
    const { id } = await makeKey(t.asRoot)
    const place = path(await r.request(id), id)
    expect(await t.asAnyone(method, place, options)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    const other = scope === 'rotations:read' ? 'rotations:write' : 'rotations:read'
    const others = await t.as('keys:*', 'jobs:*', 'usage:write', other)
    expect(await others(method, place, options)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', detail: expect.stringContaining(scope) },
    })
    expect([200, 202, 409]).toContain((await (await t.as(scope))(method, place, options)).status)
  })

  it('answers 404 for what is unknown, and 400 for what is no id', async () => {
    if (path('', '') === '/v1/rotations') return
    expect(await t.asRoot(method, path(unknown, unknown), options)).toMatchObject({ status: 404 })
    expect(await t.asRoot(method, path('nonsense', 'nonsense'), options)).toMatchObject({ status: 400 })
  })
})

it('PATCH /v1/rotations/{id} refuses other bodies', async () => {
  const rotationId = await queued()
  for (const body of [
    {},
    { graceSeconds: -1 },
    { graceSeconds: 259_201 },
    { graceSeconds: 1, state: 'failed' },
    'x',
    undefined,
  ])
    expect((await t.asRoot('PATCH', `/v1/rotations/${rotationId}`, body === undefined ? {} : { body })).status).toBe(
      400,
    )
})

it('POST /v1/keys/self/claim needs any valid key, and no scope', async () => {
  const { key } = await makeKey(t.asRoot)
  expect((await t.asAnyone('POST', '/v1/keys/self/claim')).status).toBe(401)
  const answer = await createClient(t.api.url, key)('POST', '/v1/keys/self/claim')
  expect(answer).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } })
})
