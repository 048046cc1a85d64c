import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { type N8nServer, startN8n } from '../../support/remote/n8n/n8n-server.ts'
import { callCli } from '../support/call-cli.ts'
import { createInstallation, type Installation } from '../support/installation.ts'

const ops = { email: 'ops@example.com', password: 'Correct-horse-1' }
const mfa = { email: 'mfa@example.com', password: 'Correct-horse-2', mfaCode: '123456' }

let n8n: N8nServer
let momentry: Installation
beforeAll(async () => {
  n8n = await startN8n({ loginsPerMinute: 60 })
  for (const user of [ops, mfa]) n8n.addUser(user)
  momentry = await createInstallation([], { N8N_URL: n8n.url })
})
afterAll(async () => {
  await momentry.close()
  await n8n.close()
})
beforeEach(() => n8n.clearFaults())

const opsEnv = { N8N_EMAIL: ops.email, N8N_PASSWORD: ops.password }
const run = (args: readonly string[], env: Record<string, string> = {}, input?: string) =>
  callCli(['n8n', ...args], { ...momentry.cliEnv, ...env }, input)
const create = async (name: string, ...more: string[]) => {
  const { code, stdout, stderr } = await run(
    ['create', '--name', name, '--scope', 'workflow:list', ...more, '--json'],
    opsEnv,
  )
  expect(code, stderr).toBe(0)
  return z.looseObject({ id: z.string(), key: z.string() }).parse(JSON.parse(stdout))
}

it('takes a second factor from a variable, or from the line after the password', async () => {
  const args = ['create', '--scope', 'workflow:list', '--email', mfa.email]
  const missing = await run([...args, '--name', 'x'], { N8N_PASSWORD: mfa.password })
  expect([missing.code, missing.stderr]).toEqual([4, expect.stringContaining('REMOTE_CREDENTIALS_REFUSED')])
  const piped = await run([...args, '--otp', '--name', 'piped'], {}, `${mfa.password}\n${mfa.mfaCode}\n`)
  expect(piped.code, piped.stderr).toBe(0)
  const env = { N8N_PASSWORD: mfa.password, N8N_MFA_CODE: mfa.mfaCode }
  expect((await run([...args, '--name', 'by variable'], env)).code).toBe(0)
  expect(n8n.keys(mfa.email).map(({ label }) => label)).toEqual(['by variable', 'piped'])
  const stored = await run(['connect', '--name', 'once', '--email', mfa.email], env)
  // Nobody could sign in with that a second time.
  expect([stored.code, stored.stderr]).toEqual([4, expect.stringContaining('one-time code')])
  expect(stored.stdout + stored.stderr).not.toContain(mfa.mfaCode)
})

it('leaves the expiry to n8n, which cannot be moved later', async () => {
  const { id, key } = await create('ends', '--expires', '2030-01-01')
  expect(n8n.keys(ops.email)[0]).toMatchObject({ value: key, expiresAt: Date.UTC(2030, 0, 1) / 1000 })
  expect((await run(['show', id])).stdout).toMatch(/^expires +2030-01-01T00:00:00/m)
  const moved = await run(['update', id, '--expires', 'never'])
  expect([moved.code, moved.stderr]).toEqual([2, expect.stringContaining('/expiresAt')])
})

it('tells what is gone and unknown, and takes in by id', async () => {
  const { id } = await create('to vanish')
  n8n.dropKey(n8n.keys(ops.email).find(({ label }) => label === 'to vanish')?.id ?? '')
  const one = n8n.plantKey(ops.email, 'one by hand')
  const other = n8n.plantKey(ops.email, 'other by hand')
  const { stdout } = await run(['list', '--adopt', one.id], opsEnv)
  expect(stdout).toMatch(new RegExp(`^gone +to vanish \\(${id}\\) is not on n8n any more$`, 'm'))
  expect(stdout).toMatch(/^taken in +one by hand /m)
  expect(stdout).toMatch(new RegExp(`^unknown +other by hand \\(${other.id} there\\)`, 'm'))
  expect((await run(['show', id])).stdout).toMatch(/^state +gone$/m)
  expect((await run(['delete', id], opsEnv)).stdout).toMatch(/was gone/)
})

it('gives way where n8n wants fewer requests, and does not ask again', async () => {
  const status = { kind: 'status', status: 429, headers: { 'retry-after': '60' } } as const
  n8n.inject(status, { method: 'POST', path: /\/login$/ })
  const before = n8n.requests.length
  const busy = await run(['list'], opsEnv)
  expect([busy.code, busy.stderr]).toEqual([5, expect.stringContaining('REMOTE_BUSY')])
  expect(n8n.requests).toHaveLength(before + 1)
})

it('refuses an account beside a stored one', async () => {
  const both = await run(['list', '--connection', 'ops', '--email', ops.email])
  expect([both.code, both.stderr]).toEqual([2, expect.stringMatching(/cannot be used with/)])
})

it('wrote no password anywhere but where n8n takes it', () => {
  for (const { password } of [ops, mfa]) {
    expect(momentry.api.output()).not.toContain(password)
    for (const { path, body } of n8n.requests.filter(({ path }) => !path.startsWith('/rest/login')))
      expect(path + body).not.toContain(password)
  }
})
