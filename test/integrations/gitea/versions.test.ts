import { expect, it } from 'vitest'
import { useGitea } from './context.ts'

const { start, open } = useGitea()

it('reads the scopes from the list where the answer of create has none', async () => {
  const server = await start({ version: '1.21.11' })
  const minted = await open(server).create({ name: 'ci', scopes: ['read:user', 'write:user'] })
  expect(minted).toMatchObject({ scopes: ['write:user'], secret: server.tokens('ada')[0]?.value })
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'GET'])
})

it('keeps the value of a token whose scopes cannot be read', async () => {
  const server = await start({ version: '1.21.11' })
  server.inject({ kind: 'status', status: 500 }, { method: 'GET', times: 100 })
  const minted = await open(server).create({ name: 'ci', scopes: ['write:user', 'read:user', 'read:misc'] })
  expect(minted).toMatchObject({ scopes: ['read:misc', 'write:user'], secret: server.tokens('ada')[0]?.value })
})

it('reads them from the answer from 1.22.3 on', async () => {
  const server = await start({ version: '1.22.3' })
  await open(server).create({ name: 'ci', scopes: ['read:user'] })
  expect(server.requests).toHaveLength(1)
})

it("passes on the server's word about a token without rights", async () => {
  const server = await start({ version: '1.22.3' })
  await expect(open(server).create({ name: 'ci', scopes: ['public-only'] })).rejects.toMatchObject({
    code: 'REMOTE_REFUSED',
    message: 'Gitea refused: access token must have a scope',
  })
})
