import { afterEach, expect, it, vi } from 'vitest'
import { post, useRemote } from './context.ts'

const { start, connect, proxy } = useRemote()
afterEach(() => {
  vi.unstubAllEnvs()
})

it('asks by the proxy for http://', async () => {
  const [server, { url, seen }] = [await start(), await proxy()]
  expect(await connect(server.url, { proxy: { http: url } }).send(post)).toMatchObject({ status: 200 })
  expect(seen).toEqual([`POST ${server.url}/things`])
  expect(server.requests).toHaveLength(1)
})

it.each([
  ['the one for https:// alone', (url: string) => ({ https: url })],
  ['a host that is excepted', (url: string) => ({ http: url, none: 'a.example, 127.0.0.1' })],
  ['all hosts excepted', (url: string) => ({ http: url, none: '*' })],
  ['none at all', () => undefined],
])('asks directly with %s, whatever the environment says', async (_, settings) => {
  const [server, { url, seen }] = [await start(), await proxy()]
  for (const name of ['http_proxy', 'https_proxy']) vi.stubEnv(name, url)
  expect(await connect(server.url, { proxy: settings(url) }).send(post)).toMatchObject({ status: 200 })
  expect(seen).toEqual([])
})

it('tells of a proxy that wants a password', async () => {
  const [server, { url }] = [await start(), await proxy(407)]
  await expect(connect(server.url, { proxy: { http: url } }).send(post)).rejects.toMatchObject({
    code: 'REMOTE_UNREACHABLE',
    message: expect.stringMatching(/the proxy answered 407/),
  })
})
