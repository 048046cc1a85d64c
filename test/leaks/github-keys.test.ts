import { createGithubKeys, type GithubKeys } from '@momentry/shared/leaks/github/public-keys.ts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type RemoteServer, startRemoteServer } from '../support/remote/remote-server.ts'

const minute = 60_000
const hour = 60 * minute

let github: RemoteServer
let published: string[]
let now = 0
let keys: GithubKeys
beforeAll(async () => {
  github = await startRemoteServer(({ path, query }) => ({
    status: path === '/keys' && query.get('all') === 'yes' ? 200 : 404,
    body: { public_keys: published.map((key_identifier) => ({ key_identifier, key: `PEM of ${key_identifier}` })) },
  }))
})
beforeEach(() => {
  published = ['one']
  keys = createGithubKeys({ url: `${github.url}/keys?all=yes`, timeoutMs: 5_000, now: () => now })
})
afterEach(async () => {
  github.clearFaults()
  await keys.close()
})
afterAll(() => github.close())

/** How often GitHub is asked meanwhile. */
async function asks(work: () => Promise<unknown>): Promise<number> {
  const before = github.requests.length
  await work()
  return github.requests.length - before
}
const find = (...identifiers: string[]) => Promise.all(identifiers.map((each) => keys.find(each)))
const outOfReach = { code: 'REMOTE_UNREACHABLE', retryAfterSeconds: 5 }

it('asks once for whoever comes, and again when an hour is over', async () => {
  expect(await asks(() => find('one', 'one', 'other'))).toBe(1)
  now += hour - 1
  expect(await asks(() => find('one'))).toBe(0)
  now += 1
  expect(await asks(() => find('one', 'one'))).toBe(1)
})

it('takes a new key as soon as a minute is over since it asked, and forgets one that is gone', async () => {
  await find('one')
  published = ['two']
  expect(await asks(() => expect(find('two')).resolves.toEqual([undefined]))).toBe(0)
  now += minute
  expect(await asks(() => expect(find('two')).resolves.toEqual(['PEM of two']))).toBe(1)
  expect(await find('one')).toEqual([undefined])
})

it('goes on with the keys that it knows while GitHub is away, and says of others that it cannot tell', async () => {
  await find('one')
  now += 2 * hour
  github.inject({ kind: 'status', status: 404 }, { times: 100 })
  expect(await asks(() => expect(find('one')).resolves.toEqual(['PEM of one']))).toBe(1)
  expect(await asks(() => expect(find('two')).rejects.toMatchObject(outOfReach))).toBe(0)
  now += 5_000
  expect(await asks(() => expect(find('one')).resolves.toEqual(['PEM of one']))).toBe(1)
})

it('fails where it never knew any, asks no more for a few seconds, and then works', async () => {
  github.inject({ kind: 'reset', when: 'before' }, { times: 100 })
  await expect(find('one')).rejects.toMatchObject(outOfReach)
  github.clearFaults()
  expect(await asks(() => expect(find('one')).rejects.toMatchObject(outOfReach))).toBe(0)
  now += 5_000
  expect(await find('one')).toEqual(['PEM of one'])
})

it('takes no answer that is none, and follows to no other host', async () => {
  const location = 'http://127.0.0.2:1/keys'
  for (const fault of [
    { kind: 'status', status: 200, body: { public_keys: 'none' } } as const,
    { kind: 'status', status: 302, headers: { location } } as const,
  ]) {
    github.inject(fault)
    await expect(find('one')).rejects.toMatchObject(outOfReach)
    now += 5_000
  }
})
