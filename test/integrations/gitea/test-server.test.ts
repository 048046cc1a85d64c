import { expect, it } from 'vitest'
import { goNumber } from '../../support/remote/gitea/go-number.ts'
import { ada, useGitea } from './context.ts'

const { start } = useGitea()
const basic = `Basic ${Buffer.from(`${ada.username}:${ada.password}`).toString('base64')}`
const json = { 'content-type': 'application/json' }
const body = JSON.stringify({ name: 'ci', scopes: ['read:user'] })

// What our own code never sends, and the contract lists all the same.
it.each([
  ['no authentication', {}, 403],
  ['a wrong password', { authorization: 'Basic eDp5' }, 401],
  ['a token that nobody has', { authorization: 'token 1234' }, 401],
])('refuses a creation with %s', async (_, headers, status) => {
  const server = await start()
  const response = await fetch(`${server.url}/api/v1/users/ada/tokens`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body,
  })
  expect(response.status).toBe(status)
  expect(server.tokens('ada')).toEqual([])
})

it('makes no token by a token, wherever it stands', async () => {
  const server = await start()
  const { value } = server.plantToken('ada', 'all', ['all'])
  const url = `${server.url}/api/v1/users/ada/tokens`
  const attempts = [
    { url, authorization: `token ${value}` },
    { url, authorization: `Basic ${Buffer.from(`ada:${value}`).toString('base64')}` },
    { url: `${url}?token=${value}`, authorization: basic },
    { url: `${url}?access_token=${value}`, authorization: basic },
  ]
  for (const { url, authorization } of attempts) {
    const response = await fetch(url, { method: 'POST', headers: { ...json, authorization }, body })
    expect(response.status).toBe(401)
  }
  expect(server.tokens('ada')).toHaveLength(1)
})

it.each([
  ['no name', {}, 422, /Required/],
  ['a name that is taken', { name: 'taken', scopes: ['read:user'] }, 400, /used already/],
  ['a scope that is none', { name: 'a', scopes: ['read:usr'] }, 400, /invalid access token scope provided.*read:usr/],
  ['no scopes', { name: 'a' }, 400, /must have a scope/],
])('refuses a creation with %s', async (_, given, status, message) => {
  const server = await start()
  server.plantToken('ada', 'taken')
  const response = await fetch(`${server.url}/api/v1/users/ada/tokens`, {
    method: 'POST',
    headers: { ...json, authorization: basic },
    body: JSON.stringify(given),
  })
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({ message: expect.stringMatching(message), url: expect.any(String) })
})

it('takes a number in the path for an id, and refuses a name that several tokens have', async () => {
  const server = await start()
  const erase = async (text: string) => {
    const url = `${server.url}/api/v1/users/ada/tokens/${encodeURIComponent(text)}`
    return (await fetch(url, { method: 'DELETE', headers: { authorization: basic } })).status
  }
  const { id } = server.plantToken('ada', 'a')
  server.plantToken('ada', `0x${id.toString(16)}`)
  expect(await erase(`0x${id.toString(16)}`)).toBe(204)
  expect(server.tokens('ada').map(({ name }) => name)).toEqual([`0x${id.toString(16)}`])
  server.plantToken('ada', 'b')
  server.plantToken('ada', 'b')
  expect(await erase('b')).toBe(422)
  expect(await erase('c')).toBe(404)
})

it.each([
  ['16', 16],
  ['0x10', 16],
  ['010', 8],
  ['0b11', 3],
  ['0o17', 15],
  ['-5', -5],
  ['0', 0],
  ['', 0],
  ['08', 0],
  ['0x', 0],
  ['1a', 0],
  ['ci', 0],
  ['1.5', 0],
  ['0b12', 0],
])('reads %j as Go does', (text, number) => {
  expect(goNumber(text)).toBe(number)
})
