import { expect, it } from 'vitest'
import { untilHolds } from '../../support/until-holds.ts'
import { get, post, useRemote } from './context.ts'

const { start, connect } = useRemote()
const long = { openMs: 60_000 }
const open = {
  code: 'REMOTE_UNREACHABLE',
  message: expect.stringMatching(/left alone/),
  retryAfterSeconds: expect.any(Number),
}

it.each([
  ['cut connections', { kind: 'reset', when: 'before' }],
  ['failures without words', { kind: 'status', status: 502 }],
  ['no answers in time', { kind: 'hang' }],
] as const)('leaves a system alone after five failures in a row: %s', async (_, fault) => {
  const server = await start()
  server.inject(fault, { times: 5 })
  const http = connect(server.url, { ...long, timeoutMs: 500 })
  for (let times = 0; times < 5; times += 1) await http.send(post).catch(() => undefined)
  await expect(http.send(get)).rejects.toMatchObject(open)
  expect(server.requests).toHaveLength(5)
})

it('tries everything again where nobody listens, since nothing was sent', async () => {
  const server = await start()
  await server.close()
  const http = connect(server.url, long)
  await expect(http.send(post)).rejects.toMatchObject({ message: expect.stringMatching(/connection refused/) })
  // Three tries were made, and two more open the circuit.
  await expect(http.send(post)).rejects.toMatchObject(open)
})

it('counts the tries of one request, and failures with words where it may be repeated', async () => {
  const server = await start()
  server.inject({ kind: 'status', status: 500, body: { message: 'no' } }, { times: 9 })
  const http = connect(server.url, long)
  expect(await http.send(get)).toMatchObject({ status: 500 })
  await expect(http.send(get)).rejects.toMatchObject(open)
  expect(server.requests).toHaveLength(5)
})

it.each([
  [
    'a 500 that explains itself to a POST',
    { kind: 'status', status: 500, body: { message: 'the name is taken' } },
    post,
  ],
  ['a 4xx', { kind: 'status', status: 404 }, get],
  ['an answer that leads elsewhere', { kind: 'status', status: 302, headers: { location: 'http://a.example' } }, get],
] as const)('does not take %s for an outage', async (_, fault, request) => {
  const server = await start()
  server.inject(fault, { times: 9 })
  const http = connect(server.url, long)
  for (let times = 0; times < 9; times += 1) await http.send(request).catch(() => undefined)
  expect(server.requests).toHaveLength(9)
  expect(await http.send(get)).toMatchObject({ status: 200 })
})

it('begins to count anew after a success', async () => {
  const server = await start()
  const http = connect(server.url, long)
  for (const times of [4, 4]) {
    server.inject({ kind: 'reset', when: 'before' }, { times })
    for (let sent = 0; sent < times; sent += 1) await http.send(post).catch(() => undefined)
    expect(await http.send(get)).toMatchObject({ status: 200 })
  }
})

it('tries one request after a while, and is back where that goes well', async () => {
  const server = await start()
  server.inject({ kind: 'reset', when: 'before' }, { times: 6 })
  const http = connect(server.url, { openMs: 100 })
  for (let times = 0; times < 5; times += 1) await http.send(post).catch(() => undefined)
  // The sixth is the first probe, which fails.
  await untilHolds(async () => expect(await http.send(post)).toMatchObject({ status: 200 }))
  expect(server.requests).toHaveLength(7)
})

it('is one for each system', async () => {
  const [broken, fine] = [await start(), await start()]
  broken.inject({ kind: 'reset', when: 'before' }, { times: 5 })
  const http = connect(broken.url, long)
  for (let times = 0; times < 5; times += 1) await http.send(post).catch(() => undefined)
  await expect(http.send(post)).rejects.toMatchObject(open)
  expect(await connect(fine.url, long).send(post)).toMatchObject({ status: 200 })
})
