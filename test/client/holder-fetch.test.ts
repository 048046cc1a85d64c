import { createRotatingSecret } from '@momentry/client/holder/rotating-secret.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './support/eventually.ts'
import { type RotationStandIn, secretOf, startRotationStandIn } from './support/rotation-stand-in.ts'
import { type SeenRequest, type StandIn, startStandIn, type Treatment } from './support/stand-in.ts'

let momentry: RotationStandIn
const closers: (() => Promise<void>)[] = []
beforeEach(async () => {
  momentry = await startRotationStandIn()
  closers.push(momentry.close)
})
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const fine: Treatment = { status: 200, body: 'fine' }
const bearerOf = ({ headers }: SeenRequest) => headers.authorization?.replace('Bearer ', '')

/** A holder, and a service that it calls. */
async function setUp(treat: (request: SeenRequest) => Treatment | Promise<Treatment>) {
  const service: StandIn = await startStandIn(treat)
  const store = { secret: secretOf(1), loads: 0 }
  const holder = createRotatingSecret({
    ...{ url: momentry.url, checkEveryMs: 1_000_000 },
    load: () => {
      store.loads += 1
      return store.secret
    },
    save: (secret) => {
      store.secret = secret
    },
  })
  await holder.start()
  store.loads = 0
  closers.push(service.close, holder.stop)
  return { holder, service, store, sent: () => service.seen.map(bearerOf) }
}

/** A service that knows one secret. */
const only =
  (secret: string) =>
  (request: SeenRequest): Treatment =>
    bearerOf(request) === secret ? fine : { status: 401, body: 'who?' }

describe('fetch of a rotating secret', () => {
  it('sends the secret, and what else it is given', async () => {
    const { holder, service } = await setUp(() => fine)
    const headers = { authorization: 'mine', 'x-mine': 'x' }
    const answer = await holder.fetch(new URL(`${service.url}/a`), { method: 'PUT', body: 'text', headers })
    expect([answer.status, await answer.text()]).toEqual([200, 'fine'])
    const sent = { authorization: `Bearer ${secretOf(1)}`, 'x-mine': 'x' }
    expect(service.seen).toMatchObject([{ path: '/a', text: 'text', headers: sent }])
  })

  it('repeats a request once where another process has swapped the secret', async () => {
    const { holder, service, store, sent } = await setUp(only(secretOf(2)))
    store.secret = momentry.rotate()
    const answer = await holder.fetch(service.url, { method: 'POST', body: 'order' })
    expect([answer.status, sent(), holder.current()]).toEqual([200, [secretOf(1), secretOf(2)], secretOf(2)])
    expect(service.seen.map(({ text }) => text)).toEqual(['order', 'order'])
    await holder.fetch(service.url)
    expect([sent().at(-1), store.loads]).toEqual([secretOf(2), 1])
  })

  it('repeats it with the secret that it swapped itself while the request was under way', async () => {
    const { holder, service, store } = await setUp(async (request) => {
      if (bearerOf(request) === secretOf(1)) {
        momentry.rotate()
        await holder.checkNow()
      }
      return only(secretOf(2))(request)
    })
    expect((await holder.fetch(service.url)).status).toBe(200)
    expect(store.loads).toBe(0)
  })

  it.each([
    ['no other is stored', secretOf(1), [secretOf(1)]],
    ['the stored one is refused as well', secretOf(9), [secretOf(1), secretOf(9)]],
    ['none can be loaded', '', [secretOf(1)]],
  ])('gives the refusal where %s, and keeps its secret', async (_, stored, expected) => {
    const { holder, service, store, sent } = await setUp(only('another'))
    store.secret = stored
    const answer = await holder.fetch(service.url)
    expect([answer.status, await answer.text(), sent(), holder.current()]).toEqual([401, 'who?', expected, secretOf(1)])
  })

  it('repeats no request whose body is used up', async () => {
    const { holder, service, store, sent } = await setUp(only(secretOf(2)))
    store.secret = secretOf(2)
    const body = new Blob(['a stream']).stream()
    const answer = await holder.fetch(service.url, { method: 'POST', body, duplex: 'half' })
    expect([answer.status, sent()]).toEqual([401, [secretOf(1)]])
  })

  it('looks for a successor at once where an answer calls the secret outdated', async () => {
    const outdated: Treatment = { status: 200, body: '', headers: { deprecation: '@1767225600' } }
    const { holder, service } = await setUp((request) => (bearerOf(request) === secretOf(1) ? outdated : fine))
    momentry.rotate()
    await holder.fetch(service.url)
    await eventually(holder.current).toBe(secretOf(2))
  })

  it('does not ask Momentry at each such answer', async () => {
    const { holder, service } = await setUp(() => ({ status: 200, body: '', headers: { deprecation: '@1767225600' } }))
    momentry.log.length = 0
    for (let n = 0; n < 50; n += 1) await holder.fetch(service.url)
    await holder.checkNow()
    await holder.checkNow()
    expect(momentry.log.length).toBeLessThanOrEqual(3)
  })
})
