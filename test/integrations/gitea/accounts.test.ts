import { expect, it } from 'vitest'
import { ada, failureOf, useGitea } from './context.ts'

const { start, open } = useGitea()
const root = { username: 'root', password: 'all of it', admin: true }
const token = { name: 'ci', scopes: ['read:user'] }

it('sends the one-time code of a user with two factors, and tells that one is missing', async () => {
  const server = await start()
  server.setOtp('ada', '123456')
  await expect(open(server, { credentials: { ...ada, otp: '123456' } }).create(token)).resolves.toMatchObject({
    name: 'ci',
  })
  for (const credentials of [ada, { ...ada, otp: '654321' }])
    await expect(open(server, { credentials }).list()).rejects.toMatchObject({
      code: 'REMOTE_CREDENTIALS_REFUSED',
      message: expect.stringMatching(/one-time code/),
    })
})

it('tells of a security key as a possible reason', async () => {
  const server = await start()
  server.addUser({ username: 'grace', password: 'pw', webauthn: true })
  await expect(
    open(server, { credentials: { username: 'grace', password: 'pw' } }).create(token),
  ).rejects.toMatchObject({ code: 'REMOTE_CREDENTIALS_REFUSED', message: expect.stringMatching(/WebAuthn/) })
})

it('tells that Basic authentication may be switched off, where Gitea takes nobody for the account', async () => {
  const server = await start({ basicAuth: false })
  await expect(open(server).create(token)).rejects.toMatchObject({
    code: 'REMOTE_CREDENTIALS_REFUSED',
    message: expect.stringMatching(/doer should be the site admin.*Basic authentication is switched off/),
  })
})

it('acts for another user as a site admin, and as nobody else', async () => {
  const server = await start()
  server.addUser(root)
  const { username, password } = root
  const account = open(server, { credentials: { username, password }, owner: 'Ada' })
  expect(account.owner).toBe('ada')
  const minted = await account.create(token)
  expect(server.tokens('ada').map(({ id }) => String(id))).toEqual([minted.remoteId])
  expect(await account.list()).toHaveLength(1)
  expect(await account.delete(minted.remoteId)).toBe('deleted')

  const outsider = open(server, { owner: 'root' })
  await expect(outsider.create(token)).rejects.toMatchObject({
    code: 'REMOTE_REFUSED',
    message: expect.stringMatching(/doer should be the site admin/),
  })
  await expect(outsider.list()).rejects.toMatchObject({ code: 'REMOTE_REFUSED' })
})

it('takes the tokens of a user who was deleted for gone', async () => {
  const server = await start()
  server.addUser(root)
  const { id } = server.plantToken('ada', 'ci')
  const { username, password } = root
  const account = open(server, { credentials: { username, password }, owner: 'ada' })
  server.removeUser('ada')
  expect(await account.delete(String(id))).toBe('gone')
})

it('does not take a token for gone that is still listed', async () => {
  const server = await start({ deletesOfDoer: true })
  server.addUser(root)
  const { id } = server.plantToken('ada', 'ci')
  const { username, password } = root
  const account = open(server, { credentials: { username, password }, owner: 'ada' })
  await expect(account.delete(String(id))).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
  expect(server.tokens('ada')).toHaveLength(1)
})

it('makes and deletes nothing for a user who was renamed', async () => {
  const server = await start()
  server.addUser(root)
  const { id } = server.plantToken('ada', 'ci')
  server.renameUser('ada', 'lovelace')
  const { username, password } = root
  const account = open(server, { credentials: { username, password }, owner: 'ada' })
  for (const attempt of [() => account.create({ ...token, name: 'other' }), () => account.delete(String(id))])
    expect(await failureOf(attempt())).toMatchObject({
      code: 'REMOTE_REFUSED',
      message: expect.stringMatching(/another name/),
    })
  expect(server.tokens('lovelace').map(({ name }) => name)).toEqual(['ci'])
})

it('says what to give where somebody signs in by address', async () => {
  const server = await start()
  server.addUser({ username: 'grace', password: 'pw', email: 'grace@example.org' })
  const account = open(server, { credentials: { username: 'grace@example.org', password: 'pw' } })
  await expect(account.create(token)).rejects.toMatchObject({
    code: 'REMOTE_REFUSED',
    message: expect.stringMatching(/not the address/),
  })
})

it.each([
  ['a colon in the name', { ...ada, username: 'a:b' }],
  ['a line break in the name', { ...ada, username: 'a\nb' }],
  ['no password', { username: 'ada' }],
  ['an empty password', { ...ada, password: '' }],
  ['a code with a line break', { ...ada, otp: '1\r\n2' }],
  ['a field too many', { ...ada, email: 'a@example.org' }],
])('refuses %s before anything is sent', async (_, credentials) => {
  const server = await start()
  expect(() => open(server, { credentials })).toThrow(expect.objectContaining({ name: 'ZodError' }))
  expect(server.requests).toEqual([])
})
