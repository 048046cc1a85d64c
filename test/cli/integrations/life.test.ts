import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type GiteaServer, startGitea } from '../../support/remote/gitea/gitea-server.ts'
import { type N8nServer, startN8n } from '../../support/remote/n8n/n8n-server.ts'
import { callCli } from '../support/call-cli.ts'
import { createInstallation, type Installation } from '../support/installation.ts'

const ada = { username: 'ada', password: 'correct horse battery' }
const ops = { email: 'ops@example.com', password: 'Correct-horse-1' }

let gitea: GiteaServer
let n8n: N8nServer
let momentry: Installation
beforeAll(async () => {
  gitea = await startGitea()
  gitea.addUser(ada)
  n8n = await startN8n({ loginsPerMinute: 60 })
  n8n.addUser(ops)
  momentry = await createInstallation(['worker'], { GITEA_URL: gitea.url, N8N_URL: n8n.url })
})
afterAll(async () => {
  await momentry.close()
  await Promise.all([gitea.close(), n8n.close()])
})

const systems = [
  {
    name: 'gitea',
    account: ['--user', 'ada'],
    password: ada.password,
    env: { GITEA_PASSWORD: ada.password },
    value: 'GITEA_TOKEN',
  },
  {
    name: 'n8n',
    account: ['--email', ops.email],
    password: ops.password,
    env: { N8N_PASSWORD: ops.password },
    value: 'N8N_API_KEY',
  },
]
const scopes: Record<string, string> = { gitea: 'read:user', n8n: 'workflow:list' }

describe.each(systems)('momentry $name', ({ name, account, password, env, value }) => {
  const run = (args: readonly string[], more: Record<string, string> = {}, input?: string) =>
    callCli([name, ...args], { ...momentry.cliEnv, ...more }, input)
  const read = async (args: readonly string[], more: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await run([...args, '--json'], more)
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    return z.looseObject({}).parse(JSON.parse(stdout))
  }
  const madeSchema = z.looseObject({ id: z.string(), key: z.string() })
  const create = async (label: string, ...more: string[]) =>
    madeSchema.parse(await read(['create', '--name', label, '--scope', scopes[name] ?? '', ...account, ...more], env))
  const verify = async (key: string) => (await run(['verify'], { [value]: key })).code

  // What both have in common is tried on one of them: each command starts a process.
  if (name === 'gitea') {
    it('makes one with a password from standard input, and shows its value once', async () => {
      const args = ['create', '--name', 'from a pipe', '--scope', scopes[name] ?? '', ...account]
      const made = await run(args, {}, `${password}\n`)
      expect(made.code, made.stderr).toBe(0)
      const key = /^value +(\S+)$/m.exec(made.stdout)?.[1] ?? ''
      expect(await verify(key)).toBe(0)
      expect(made.stdout + made.stderr).not.toContain(password)
      const listed = await run(['list', '--local'])
      expect(listed.stdout).toContain('from a pipe')
      expect(listed.stdout).not.toContain(key)
    })

    it('deletes, and says so where it was gone already', async () => {
      const { id, key } = await create('short-lived')
      expect((await run(['delete', id, ...account], env)).stdout).toMatch(/^Deleted short-lived/)
      expect(await verify(key)).toBe(1)
      expect((await run(['delete', id, ...account], env)).stdout).toMatch(/was gone/)
      expect((await run(['show', id])).stdout).toMatch(/^state +deleted$/m)
    })

    it('puts a new one in the place of a leaked one at once', async () => {
      expect((await run(['connect', '--name', 'incident', ...account], env)).code).toBe(0)
      const args = ['create', '--name', 'leaked', '--scope', scopes[name] ?? '', '--connection', 'incident']
      const { id, key } = madeSchema.parse(await read(args))
      const forced = await read(['rotate', id, '--forced', '--reason', 'leaked in a commit', '--wait'])
      expect(forced).toMatchObject({ kind: 'forced', state: 'completed', oldDeletedAt: expect.any(String) })
      expect([await verify(key), await verify(madeSchema.parse(forced).key)]).toEqual([1, 0])
      expect((await run(['disconnect', 'incident', '--force'])).code).toBe(0)
    })
  }

  it('goes from nothing to one that rotates by itself', async () => {
    const connected = await run(['connect', '--name', 'ops', ...account], env)
    expect([connected.code, connected.stdout + connected.stderr]).toEqual([0, expect.not.stringContaining(password)])
    expect((await run(['connections'])).stdout).toContain('ops')
    expect((await run(['check', 'ops'])).code).toBe(0)
    const args = ['--scope', scopes[name] ?? '', '--connection', 'ops', '--rotate-every', '30d', '--grace', '2h']
    const { id, key } = madeSchema.parse(await read(['create', '--name', 'deploy', ...args]))
    expect((await run(['show', id])).stdout).toMatch(/^rotates +every 30d, grace 2h$/m)

    const rotated = await run(['rotate', id, '--wait', '--reason', 'to see it'])
    expect(rotated.code, rotated.stderr).toBe(0)
    expect(rotated.stdout).toMatch(/^state +draining$/m)
    const next = /^value +(\S+)$/m.exec(rotated.stdout)?.[1] ?? ''
    const rotationId = /^rotation +(\S+)$/m.exec(rotated.stdout)?.[1] ?? ''
    expect((await run(['secret', rotationId])).stdout.trim()).toBe(next)
    expect([await verify(key), await verify(next)]).toEqual([0, 0])
    expect((await run(['rotations', '--of', id])).stdout).toMatch(/deploy +manual +draining/)

    expect((await run(['end-grace', rotationId])).code).toBe(0)
    await expect
      .poll(async () => (await run(['rotation', rotationId])).stdout, { interval: 500 })
      .toMatch(/^state +completed$/m)
    expect([await verify(key), await verify(next)]).toEqual([1, 0])

    expect((await run(['disconnect', 'ops'])).code).toBe(1)
    expect((await run(['update', id, '--rotate-every', 'never', '--connection', 'none'])).code).toBe(0)
    expect((await run(['disconnect', 'ops'])).stdout).toMatch(/^Forgot ops/)
  })

  it('teaches the rest', async () => {
    const { stdout } = await run(['--help'])
    for (const command of ['create', 'list', 'delete', 'verify', 'rotate', 'connect']) expect(stdout).toContain(command)
    expect(stdout).toMatch(/The account:[\s\S]*A connection[\s\S]*A rotation[\s\S]*Examples:/)
  })
})

it('does not take a connection of another system, though its id is given', async () => {
  const run = (args: readonly string[]) => callCli(args, { ...momentry.cliEnv, N8N_PASSWORD: ops.password })
  const connected = await run(['n8n', 'connect', '--name', 'other', '--email', ops.email, '--json'])
  const { id } = z.looseObject({ id: z.string() }).parse(JSON.parse(connected.stdout))
  for (const args of [
    ['disconnect', id, '--force'],
    ['check', id],
    ['reconnect', id],
  ]) {
    const { code, stderr } = await run(['gitea', ...args])
    expect([code, stderr]).toEqual([3, `error: there is no connection to Gitea called ${id}\n`])
  }
  expect((await run(['n8n', 'disconnect', id])).stdout).toBe('Forgot other.\n')
})

it('wrote no password anywhere', () => {
  for (const { password } of systems) expect(momentry.api.output()).not.toContain(password)
  for (const { path } of [...gitea.requests, ...n8n.requests])
    for (const { password } of systems) expect(path).not.toContain(encodeURIComponent(password))
})
