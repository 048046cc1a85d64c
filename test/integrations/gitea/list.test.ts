import { expect, it } from 'vitest'
import { useGitea } from './context.ts'

const { start, open } = useGitea()

it.each([
  ['none', 0, {}],
  ['a page exactly', 50, {}],
  ['several pages', 120, {}],
  ['several pages of a smaller size than asked for', 45, { maxItems: 20 }],
  ['none, without a total', 0, { totals: false }],
  ['a page exactly, without a total', 50, { totals: false }],
  ['several smaller pages, without a total', 45, { totals: false, maxItems: 20 }],
])('reads all tokens: %s', async (_, count, options) => {
  const server = await start(options)
  const planted = Array.from({ length: count }, (_, index) => server.plantToken('ada', `t${index}`))
  const read = (await open(server).list()).map(({ remoteId }) => remoteId)
  expect(read).toEqual(planted.map(({ id }) => String(id)).toReversed())
})

it('reads anew where one vanished between two pages, so that none is missed', async () => {
  const server = await start()
  const planted = Array.from({ length: 59 }, (_, index) => server.plantToken('ada', `t${index}`).id).toReversed()
  // The first page as it was before the newest of 60 was deleted: the last of the other 50 is on no page of this reading.
  const before = [1_000_000, ...planted.slice(0, 49)].map((id) => ({ id, name: `t${id}`, scopes: ['all'] }))
  server.inject({ kind: 'status', status: 200, headers: { 'x-total-count': '60' }, body: before })
  const read = (await open(server).list()).map(({ remoteId }) => remoteId)
  expect(read).toEqual(planted.map(String))
  expect(server.requests.map(({ path }) => /page=\d+/.exec(path)?.[0])).toEqual([
    'page=1',
    'page=2',
    'page=1',
    'page=2',
  ])
})

it('gives each token once where one was made between two pages', async () => {
  const server = await start()
  const planted = Array.from({ length: 60 }, (_, index) => server.plantToken('ada', `t${index}`).id).toReversed()
  const before = planted.slice(1, 51).map((id) => ({ id, name: `t${id}`, scopes: ['all'] }))
  server.inject({ kind: 'status', status: 200, headers: { 'x-total-count': '59' }, body: before })
  expect((await open(server).list()).map(({ remoteId }) => remoteId)).toEqual(planted.map(String))
})

it('believes a list that is the same twice, whatever its total is', async () => {
  const server = await start()
  const body = [{ id: 2, name: 'ci', scopes: ['all'] }]
  const answer = { kind: 'status', status: 200, headers: { 'x-total-count': '7' } } as const
  for (let reading = 0; reading < 2; reading++) {
    server.inject({ ...answer, body })
    server.inject({ ...answer, body: [] })
  }
  expect(await open(server).list()).toHaveLength(1)
})

it('tells where the list is another one each time that it is read', async () => {
  const server = await start()
  const answer = { kind: 'status', status: 200, headers: { 'x-total-count': '7' } } as const
  for (let id = 1; id <= 3; id++) {
    server.inject({ ...answer, body: [{ id, name: 'ci', scopes: ['all'] }] })
    server.inject({ ...answer, body: [] })
  }
  await expect(open(server).list()).rejects.toMatchObject({
    code: 'REMOTE_FAILED',
    message: expect.stringMatching(/changed/),
  })
})

it('gives up on a list that never ends', async () => {
  const server = await start()
  let id = 0
  const endless = () => Array.from({ length: 50 }, () => ({ id: ++id, name: `t${id}`, scopes: null }))
  for (let page = 0; page < 1000; page++) server.inject({ kind: 'status', status: 200, body: endless() })
  await expect(open(server).list()).rejects.toMatchObject({
    code: 'REMOTE_FAILED',
    message: expect.stringMatching(/no end/),
  })
})

it('gives times where the server tells them, and no zeros', async () => {
  const server = await start()
  const body = [
    {
      id: 3,
      name: 'used',
      scopes: ['all'],
      created_at: '2026-01-02T03:04:05+01:00',
      last_used_at: '2026-02-01T00:00:00Z',
    },
    { id: 2, name: 'new', scopes: null, created_at: '2026-01-02T03:04:05Z', last_used_at: '2026-01-02T03:04:05Z' },
    { id: 1, name: 'old', created_at: '0001-01-01T00:00:00Z', last_used_at: '1970-01-01T00:00:00Z', extra: { a: 1 } },
  ]
  server.inject({ kind: 'status', status: 200, headers: { 'x-total-count': '3' }, body })
  const none = { hint: '', expiresAt: undefined, createdAt: undefined, lastUsedAt: undefined }
  expect(await open(server).list()).toEqual([
    {
      ...none,
      remoteId: '3',
      name: 'used',
      scopes: ['all'],
      createdAt: new Date('2026-01-02T02:04:05Z'),
      lastUsedAt: new Date('2026-02-01T00:00:00Z'),
    },
    { ...none, remoteId: '2', name: 'new', scopes: [], createdAt: new Date('2026-01-02T03:04:05Z') },
    { ...none, remoteId: '1', name: 'old', scopes: [] },
  ])
})
