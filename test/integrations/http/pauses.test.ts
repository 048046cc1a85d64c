import type { RemoteRequest } from '@momentry/shared/integrations/http/remote-http.ts'
import { expect, it } from 'vitest'
import type { Fault } from '../../support/remote/remote-server.ts'
import { untilHolds } from '../../support/until-holds.ts'
import { get, post, useRemote } from './context.ts'

const { start, connect } = useRemote()
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString()
const tooMany = (retryAfter?: string): Fault => ({
  kind: 'status',
  status: 429,
  ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
})

it.each<[string, string, RemoteRequest, () => string | undefined]>([
  ['GET', 'seconds', get, () => '1'],
  ['POST', 'seconds', post, () => '1'],
  ['POST', 'a date', post, () => inSeconds(2)],
  ['POST', 'a date that is over', post, () => inSeconds(-60)],
  ['POST', 'no time', post, () => undefined],
])('waits by itself for a short pause, and sends again (%s, %s)', async (_, __, request, retryAfter) => {
  const server = await start()
  server.inject(tooMany(retryAfter()))
  expect(await connect(server.url).send(request)).toMatchObject({ status: 200 })
  expect(server.requests).toHaveLength(2)
})

it.each<[string, () => string, number]>([
  ['seconds', () => '120', 120],
  ['a date', () => inSeconds(120), 120],
  ['longer than anybody waits', () => '999999', 3_600],
])('leaves a long pause to who asked, and asks nothing more until it is over (%s)', async (_, text, seconds) => {
  const server = await start()
  server.inject(tooMany(text()))
  const http = connect(server.url)
  for (const request of [get, post, get]) {
    const busy = await http.send(request).catch((error: unknown) => error)
    expect(busy).toMatchObject({ code: 'REMOTE_BUSY', retryAfterSeconds: expect.any(Number) })
    const told = Number(busy instanceof Object && 'retryAfterSeconds' in busy ? busy.retryAfterSeconds : 0)
    expect(told).toBeGreaterThan(seconds - 30)
    expect(told).toBeLessThanOrEqual(seconds)
  }
  expect(server.requests).toHaveLength(1)
})

it('gives up where the system asks for a pause after a pause', async () => {
  const server = await start()
  server.inject(tooMany('1'), { times: 2 })
  await expect(connect(server.url).send(post)).rejects.toMatchObject({ code: 'REMOTE_BUSY', retryAfterSeconds: 1 })
  expect(server.requests).toHaveLength(2)
})

it('lets others wait for the same short pause', async () => {
  const server = await start()
  server.inject(tooMany('1'))
  const http = connect(server.url)
  const first = http.send(post)
  await untilHolds(() => expect(server.requests).toHaveLength(1))
  expect(await Promise.all([first, http.send(get), http.send(post)])).toMatchObject(Array(3).fill({ status: 200 }))
  expect(server.requests).toHaveLength(4)
})

it('ends a pause when it is closed', async () => {
  const server = await start()
  server.inject(tooMany('5'))
  const http = connect(server.url)
  const sent = expect(http.send(post)).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' })
  await untilHolds(() => expect(server.requests).toHaveLength(1))
  await http.close()
  await sent
  expect(server.requests).toHaveLength(1)
})
