import { expect, it } from 'vitest'
import { get, post, useRemote } from './context.ts'

const { start, connect } = useRemote()
const to = (location: string, status = 302) => ({ kind: 'status' as const, status, headers: { location } })
const authorization = 'Bearer abc'

it.each([301, 302, 303, 307, 308])('follows a GET that is sent on to the same host by %i', async (status) => {
  const server = await start(({ path, headers }) => ({ status: 200, body: { path, from: headers.authorization } }))
  server.inject(to('/other?page=2', status))
  const answer = await connect(server.url).send({ ...get, headers: { authorization } })
  expect(answer).toMatchObject({ status: 200, body: { path: '/other', from: authorization } })
})

it('follows three times, and no more', async () => {
  const server = await start()
  const http = connect(server.url)
  server.inject(to('/next'), { times: 3 })
  expect(await http.send(get)).toMatchObject({ status: 200 })
  server.inject(to('/next'), { times: 9 })
  await expect(http.send(get)).rejects.toMatchObject({ code: 'REMOTE_FAILED', message: 'Gitea leads on and on' })
  expect(server.requests).toHaveLength(8)
})

it('does not follow what is no GET', async () => {
  const server = await start()
  server.inject(to('/next', 307))
  expect(await connect(server.url).send(post)).toMatchObject({ status: 307 })
  expect(server.requests).toHaveLength(1)
})

it.each([get, post])('never asks another host, which it names alone ($method)', async (request) => {
  const [server, other] = [await start(), await start()]
  server.inject(to(`${other.url}/steal?token=abc`))
  const { host } = new URL(other.url)
  await expect(connect(server.url).send({ ...request, headers: { authorization } })).rejects.toMatchObject({
    code: 'REMOTE_FAILED',
    message: `Gitea leads to another place (${host}), which is refused`,
  })
  expect(server.requests).toHaveLength(1)
  expect(other.requests).toEqual([])
})

it('never asks another host after it followed within the same one', async () => {
  const [server, other] = [await start(), await start()]
  server.inject(to('/next'))
  server.inject(to(other.url))
  await expect(connect(server.url).send(get)).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
  expect(other.requests).toEqual([])
})
