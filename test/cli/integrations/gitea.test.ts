import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type GiteaServer, startGitea } from '../../support/remote/gitea/gitea-server.ts'
import { startRemoteServer } from '../../support/remote/remote-server.ts'
import { callCli } from '../support/call-cli.ts'
import { createInstallation, type Installation } from '../support/installation.ts'

const ada = { username: 'ada', password: 'correct horse battery' }
const otto = { username: 'otto', password: 'staple of the house', otp: '123456' }
const boss = { username: 'boss', password: 'a quite long secret', admin: true }

let gitea: GiteaServer
let momentry: Installation
beforeAll(async () => {
  // Before 1.27 a token without read:user cannot be asked about.
  gitea = await startGitea({ version: '1.26.0' })
  for (const user of [ada, otto, boss]) gitea.addUser(user)
  momentry = await createInstallation([], { GITEA_URL: gitea.url })
})
afterAll(async () => {
  await momentry.close()
  await gitea.close()
})
beforeEach(() => gitea.clearFaults())

const adaEnv = { GITEA_USERNAME: 'ada', GITEA_PASSWORD: ada.password }
const madeSchema = z.looseObject({ id: z.string(), key: z.string() })
const tokenRoute = /\/tokens$/
const run = (args: readonly string[], env: Record<string, string> = {}, input?: string) =>
  callCli(['gitea', ...args], { ...momentry.cliEnv, ...env }, input)
const read = async (args: readonly string[], env: Record<string, string> = {}): Promise<unknown> => {
  const { code, stdout, stderr } = await run([...args, '--json'], env)
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}
const create = async (name: string, scope = 'read:user') =>
  madeSchema.parse(await read(['create', '--name', name, '--scope', scope], adaEnv))
const namesOf = (username: string) => gitea.tokens(username).map(({ name }) => name)
const creations = () => gitea.requests.filter(({ method, path }) => method === 'POST' && tokenRoute.test(path)).length

describe('the account', () => {
  const args = ['create', '--scope', 'read:user']

  it('comes from the environment, and its password after the API key from standard input', async () => {
    expect((await run([...args, '--name', 'of the environment'], adaEnv)).code).toBe(0)
    const keyed = [...args, '--name', 'of a pipe', '--user', 'ada', '--key-stdin']
    const made = await run(keyed, {}, `${momentry.secret}\n${ada.password}\n`)
    expect(made.code, made.stderr).toBe(0)
    expect(namesOf('ada')).toEqual(expect.arrayContaining(['of the environment', 'of a pipe']))
  })

  it('has a second factor: from a variable, or from the line after the password', async () => {
    const ofOtto = [...args, '--user', 'otto']
    const missing = await run([...ofOtto, '--name', 'x'], { GITEA_PASSWORD: otto.password })
    expect([missing.code, missing.stderr]).toEqual([4, expect.stringContaining('REMOTE_CREDENTIALS_REFUSED')])
    const piped = await run([...ofOtto, '--otp', '--name', 'piped'], {}, `${otto.password}\n${otto.otp}\n`)
    expect(piped.code, piped.stderr).toBe(0)
    const env = { GITEA_PASSWORD: otto.password, GITEA_OTP: otto.otp }
    expect((await run([...ofOtto, '--name', 'by variable'], env)).code).toBe(0)
    expect(namesOf('otto')).toEqual(['by variable', 'piped'])
  })

  it('may be a site admin, who acts for the user', async () => {
    const env = { GITEA_PASSWORD: boss.password }
    const asBoss = ['--sign-in-as', 'boss']
    const named = await run([...args, '--name', 'by the boss', '--user', 'ada', ...asBoss], env)
    expect([named.code, named.stdout]).toEqual([0, expect.stringMatching(/^owner +ada$/m)])
    const known = await run([...args, '--name', 'by her again', ...asBoss], { ...env, GITEA_USERNAME: 'ada' })
    expect([known.code, known.stdout]).toEqual([0, expect.stringMatching(/^owner +ada$/m)])
    const listed = await run(['list', '--user', 'ada', ...asBoss], env)
    expect(listed.stdout).toContain('by the boss')
    expect(namesOf('boss')).toEqual([])
  })

  it.each([
    [['list', '--adopt'], /--adopt takes an account/],
    [['list', '--local', '--adopt'], /cannot be used with/],
    [['list', '--connection', 'ops', '--otp'], /cannot be used with/],
    [['list', '--user', 'ada', '--state', 'active'], /go with --local/],
    [['create', '--name', 'x', '--scope', 'read:user', '--hand-over', 'mail:me'], /webhook:/],
    [['update', '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a'], /what is to be changed/],
    [['connect', '--name', 'ops'], /--user, or GITEA_USERNAME/],
  ])('is not asked where %j contradicts itself', async (wrong, why) => {
    const before = gitea.requests.length
    const { code, stderr } = await run(wrong)
    expect([code, stderr]).toEqual([2, expect.stringMatching(why)])
    expect(gitea.requests).toHaveLength(before)
  })
})

describe('list', () => {
  it('tells what is gone, unknown and taken in, and takes in by id', async () => {
    const { id } = await create('to vanish')
    const there = gitea.tokens('ada').find(({ name }) => name === 'to vanish')
    gitea.dropToken(there?.id ?? 0)
    const [one, other] = ['one by hand', 'other by hand'].map((name) => gitea.plantToken('ada', name))
    const args = ['list', '--adopt', `${one?.id},999999`]
    const { stdout, stderr } = await run(args, adaEnv)
    expect(stdout).toMatch(new RegExp(`^gone +to vanish \\(${id}\\) is not on Gitea any more$`, 'm'))
    expect(stdout).toMatch(/^taken in +one by hand /m)
    expect(stdout).toMatch(new RegExp(`^unknown +other by hand \\(${other?.id} there\\)`, 'm'))
    expect(stderr).toContain('nothing untracked has the id 999999 on Gitea')
    expect((await run(['list', '--local', '--state', 'gone'])).stdout).toContain('to vanish')
    expect((await run(['delete', id], adaEnv)).stdout).toMatch(/was gone/)
  })

  it('does not let a name steer the terminal', async () => {
    gitea.plantToken('ada', 'bad\u001b[2Jname\u202e')
    const { stdout } = await run(['list', '--adopt'], adaEnv)
    expect(stdout).toContain('bad\\x1b[2Jname\\u{202e}')
    const local = await run(['list', '--local'])
    expect(local.stdout).toContain('bad\\x1b[2Jname\\u{202e}')
    for (const steering of ['\u001b', '\u202e']) expect(stdout + local.stdout).not.toContain(steering)
  })
})

describe('what goes wrong on the way', () => {
  it('cleans up after a creation whose answer Gitea did not give, and asks for it once only', async () => {
    const before = creations()
    gitea.inject({ kind: 'reset', when: 'after' }, { method: 'POST', path: tokenRoute })
    const lost = await run(['create', '--name', 'lost', '--scope', 'read:user'], adaEnv)
    expect([lost.code, lost.stderr]).toEqual([5, expect.stringContaining('REMOTE_UNREACHABLE')])
    expect(creations()).toBe(before + 1)
    expect(namesOf('ada')).not.toContain('lost')
  })

  it('says that it cleaned up later, where it could not at once', async () => {
    gitea.inject({ kind: 'reset', when: 'after' }, { method: 'POST', path: tokenRoute })
    gitea.inject({ kind: 'status', status: 500 }, { method: 'DELETE', times: 3 })
    expect((await run(['create', '--name', 'left over', '--scope', 'read:user'], adaEnv)).code).toBe(5)
    expect(namesOf('ada')).toContain('left over')
    expect((await run(['list'], adaEnv)).stdout).toMatch(/^removed +left over: a token whose creation/m)
    expect(namesOf('ada')).not.toContain('left over')
  })

  it('shows the value all the same where only Momentry’s own answer got lost', async () => {
    const between = await startRemoteServer(async ({ method, path, headers, text }) => {
      const pass = { authorization: headers.authorization ?? '', 'idempotency-key': headers['idempotency-key'] }
      const sent = new Headers({ 'content-type': 'application/json' })
      for (const [name, value] of Object.entries(pass)) if (typeof value === 'string') sent.set(name, value)
      const body = method === 'POST' ? { body: text } : {}
      const answer = await fetch(`${momentry.url}${path}`, { method, headers: sent, ...body })
      return { status: answer.status, body: await answer.json() }
    })
    between.inject({ kind: 'reset', when: 'after' }, { method: 'POST' })
    const before = creations()
    const env = { ...adaEnv, MOMENTRY_API_KEY: momentry.secret, MOMENTRY_URL: between.url }
    const made = await run(['create', '--name', 'told twice', '--scope', 'read:user'], env)
    await between.close()
    expect(made.code, made.stderr).toBe(0)
    const key = /^value +(\S+)$/m.exec(made.stdout)?.[1]
    expect(gitea.tokens('ada').filter(({ name }) => name === 'told twice')).toMatchObject([{ value: key }])
    expect(creations()).toBe(before + 1)
  })

  it('tells by its exit code what is known of a token', async () => {
    const { key } = await create('narrow', 'read:package')
    const narrow = await run(['verify'], { GITEA_TOKEN: key })
    expect([narrow.code, narrow.stdout]).toEqual([0, expect.stringMatching(/^outcome +narrow$/m)])
    expect(narrow.stdout).toMatch(/lacks the scope that asking takes/)
    gitea.inject({ kind: 'reset', when: 'before' }, { path: /\/token$/, times: 3 })
    const nothing = await run(['verify'], { GITEA_TOKEN: key })
    expect([nothing.code, nothing.stdout]).toEqual([5, expect.stringMatching(/^outcome +unreachable$/m)])
    expect(narrow.stdout + nothing.stdout + nothing.stderr).not.toContain(key)
  })

  it('says that a system is not set up, and that something is not there', async () => {
    const args = ['n8n', 'create', '--name', 'x', '--scope', 'workflow:list', '--email', 'ops@example.com']
    const without = await callCli(args, { ...momentry.cliEnv, N8N_PASSWORD: 'Correct-horse-1' })
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('INTEGRATION_NOT_CONFIGURED')])
    expect((await run(['check', 'nobody'])).code).toBe(3)
    expect((await run(['show', '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a'])).code).toBe(3)
  })
})

describe('a connection', () => {
  it('is stored, given a new password that is tried first, and forgotten', async () => {
    const connected = await run(['connect', '--name', 'prod', '--user', 'ada'], {}, `${ada.password}\n`)
    expect([connected.code, connected.stderr]).toEqual([0, expect.stringContaining('sealed under the master key')])
    const wrong = await run(['reconnect', 'prod'], {}, 'not the password\n')
    expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining('REMOTE_CREDENTIALS_REFUSED')])
    expect((await run(['reconnect', 'prod'], {}, `${ada.password}\n`)).code).toBe(0)
    expect(await read(['connections'])).toMatchObject({ data: [{ name: 'prod', account: 'ada', error: null }] })
    expect((await run(['list', '--connection', 'prod'])).code).toBe(0)
    expect((await run(['disconnect', 'prod'])).stdout).toBe('Forgot prod.\n')
    expect(await read(['connections'])).toMatchObject({ data: [] })
  })

  it('rotates: asked for, looked at, given up', async () => {
    await run(['connect', '--name', 'ops', '--user', 'ada'], {}, `${ada.password}\n`)
    const { id } = await create('kept')
    const alone = await run(['rotate', id])
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('CONNECTION_NEEDED')])
    const updated = await run(['update', id, '--connection', 'ops', '--hand-over', 'hook:deploy', '--expires', '90d'])
    expect(updated.stdout).toMatch(/^rotates +hook deploy$/m)
    expect(updated.stdout).toMatch(/^expires +\d{4}-/m)

    const asked = await run(['rotate', id, '--reason', 'to see it'])
    expect([asked.code, asked.stdout]).toEqual([0, expect.stringMatching(/^state +queued$/m)])
    const rotationId = /^rotation +(\S+)$/m.exec(asked.stdout)?.[1] ?? ''
    expect(asked.stderr).toContain(`momentry gitea rotation ${rotationId}`)
    expect((await run(['rotate', id, '--grace', '2h'])).stderr).toContain('ROTATION_IN_PROGRESS')
    expect((await run(['secret', rotationId])).stderr).toContain('NOT_CLAIMABLE')
    const elsewhere = await callCli(['n8n', 'cancel', rotationId], momentry.cliEnv)
    expect([elsewhere.code, elsewhere.stderr]).toEqual([3, 'error: there is no rotation on n8n with this id\n'])
    expect((await run(['cancel', rotationId])).stdout).toBe(`Cancelled ${rotationId}.\n`)
    const over = await run(['rotation', rotationId])
    expect(over.stdout).toMatch(/^state +cancelled$/m)
    expect(over.stdout).toMatch(/^reason +to see it$/m)
    expect(over.stdout).toMatch(/^create new +not done/m)
    expect(await read(['rotations', '--of', id, '--state', 'cancelled'])).toMatchObject({ data: [{ id: rotationId }] })
  })
})

it('wrote no password anywhere but where Gitea takes it', () => {
  for (const { password } of [ada, otto, boss]) {
    expect(momentry.api.output()).not.toContain(password)
    for (const { path, body } of gitea.requests)
      expect(path + body).not.toMatch(new RegExp(`${password}|${encodeURIComponent(password)}`))
  }
})
