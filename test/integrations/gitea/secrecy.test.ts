import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { ada, failureOf, useGitea } from './context.ts'

const { start, connect, open } = useGitea()
const token = { name: 'ci', scopes: ['read:user'] }
const otp = '918273'
const basic = Buffer.from(`${ada.username}:${ada.password}`).toString('base64')

it('puts credentials into headers alone, and a token only into the one that it is asked about with', async () => {
  const server = await start()
  server.setOtp('ada', otp)
  const account = open(server, { credentials: { ...ada, otp } })
  const { secret, remoteId } = await account.create(token)
  await account.list()
  await connect(server.url).verify(secret)
  await account.delete(remoteId)
  for (const { method, path, body, headers } of server.requests) {
    const { authorization, ...others } = headers
    expect(authorization).toBe(path === '/api/v1/token' ? `token ${secret}` : `Basic ${basic}`)
    expect(others['x-gitea-otp']).toBe(path === '/api/v1/token' ? undefined : otp)
    const { 'x-gitea-otp': _, ...rest } = others
    for (const hidden of [secret, ada.password, basic, otp])
      expect(JSON.stringify([method, path, body, rest])).not.toContain(hidden)
  }
})

it.each([
  ['refuses', { kind: 'status', status: 401, body: { message: `bad: ${ada.password} ${basic}`, url: '' } }],
  ['refuses otherwise', { kind: 'status', status: 400, body: { message: `no ${ada.password}`, url: '' } }],
  ['fails', { kind: 'status', status: 500, body: { message: `${ada.password} broke it`, url: '' } }],
  ['answers nonsense', { kind: 'status', status: 201, body: { sha1: ada.password } }],
  ['is busy', { kind: 'status', status: 429, headers: { 'retry-after': '60' } }],
  ['cuts the connection', { kind: 'reset', when: 'after' }],
  ['cuts the answer', { kind: 'half-answer' }],
  ['sends elsewhere', { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } }],
] as const)('repeats nothing secret in an error where the server %s', async (_, fault) => {
  const server = await start()
  server.inject(fault, { times: 100 })
  const account = open(server, { credentials: { ...ada, otp } })
  for (const attempt of [() => account.create(token), () => account.list(), () => account.delete('7')]) {
    const error = await failureOf(attempt())
    const told = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)} ${String(error)}`
    for (const hidden of [ada.password, basic, otp]) expect(told).not.toContain(hidden)
  }
})
