import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shareHarness } from '../../api/harness.ts'
import { callCli } from '../support/call-cli.ts'
import { type SharedInstallation, shareInstallation } from '../support/installation.ts'
import { runCli } from '../support/run-cli.ts'

let momentry: SharedInstallation
beforeAll(async () => {
  momentry = await shareInstallation(shareHarness)
})
afterAll(() => momentry.close())

const run = (args: readonly string[], input?: string) => callCli(args, momentry.cliEnv, input)

async function create(name: string, ...options: string[]): Promise<{ id: string; key: string }> {
  const { stdout, stderr, code } = await run(['api-key', 'create', '--name', name, '--json', ...options])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

describe('momentry api-key', () => {
  it('shows the secret once, when the key is made', async () => {
    const made = await run(['api-key', 'create', '--name', 'billing', '--metadata', 'team=payments'])
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^secret {2}mty_service_\w{43}_\w{6}$/m)
    expect(made.stderr).toMatch(/cannot show it again/)
    const id = /^id +(\S+)$/m.exec(made.stdout)?.[1] ?? ''
    const shown = await run(['api-key', 'get', id])
    expect(shown.stdout).toMatch(/^name +billing$/m)
    expect(shown.stdout).toMatch(/^metadata +\{"team":"payments"\}$/m)
    expect(shown.stdout).not.toContain('mty_')
  })

  it('lists what is asked for', async () => {
    const owner = randomUUID()
    const keys = [await create('first', '--owner', owner), await create('second', '--owner', owner)]
    const all = await run(['api-key', 'list', '--owner', owner, '--json'])
    const { data, pagination } = JSON.parse(all.stdout)
    expect(data.map(({ id }: { id: string }) => id).sort()).toEqual(keys.map(({ id }) => id).sort())
    expect(pagination).toEqual({ hasMore: false })
    const table = await run(['api-key', 'list', '--owner', owner, '--limit', '1'])
    expect(table.stdout).toMatch(/^id +name +type +status/)
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(2)
    expect(table.stderr).toMatch(/only the first 1 keys/)
  })

  it('bounds what a key may do, shows what is left, and lets it begin anew', async () => {
    const bounds = ['--rate-limit', 'burst=2/10m', '--rate-limit', 'slow=9/1h', '--quota', '50/daily']
    const { id, key } = await create('bounded', ...bounds, '--throttle', '5/1h', '--on-anomaly', 'throttle')
    const shown = (await run(['api-key', 'get', id])).stdout
    expect(shown).toMatch(/^rateLimits +burst=2\/10m slow=9\/1h$/m)
    expect(shown).toMatch(/^quota +50\/daily$/m)
    const codes = []
    for (let n = 0; n < 3; n++) codes.push((await run(['api-key', 'validate', '--json'], key)).stdout)
    expect(codes.map((text) => JSON.parse(text).code)).toEqual(['VALID', 'VALID', 'RATE_LIMITED'])
    const over = await run(['api-key', 'validate'], key)
    expect(over.stdout).toMatch(/^RATE_LIMITED\n(.*\n)*retryAfterSeconds +\d+\n/)
    expect(over.stdout).toMatch(/^burst +0 +2 +10m/m)
    expect((await run(['api-key', 'limits', id])).stdout).toMatch(/^quota +48 +50 +1d/m)
    const reset = await run(['api-key', 'limits', id, '--reset', '--json'])
    expect(JSON.parse(reset.stdout)).toMatchObject({
      keyId: id,
      limits: [{ remaining: 2 }, { remaining: 9 }, { remaining: 50 }],
    })
    const change = ['--rate-limit', 'slow=none', '--quota', 'none', '--allow-address', '203.0.113.0/24']
    const changed = await run(['api-key', 'update', id, ...change, '--json'])
    expect(JSON.parse(changed.stdout).policy).toEqual({
      rateLimits: [{ name: 'burst', requests: 2, windowSeconds: 600 }],
      allowedAddresses: ['203.0.113.0/24'],
      throttle: { requestsPerMinute: 5, forSeconds: 3600 },
      onAnomaly: 'throttle',
    })
    expect((await run(['api-key', 'update', id, '--rate-limit', 'burst'])).code).toBe(2)
    expect((await run(['api-key', 'update', id])).stderr).toMatch(/say what to change/)
  })

  it('validates a secret from standard input, and says by its exit code what came out', async () => {
    const { id, key } = await create('short-lived', '--scope', 'usage:write')
    const valid = await runCli(['api-key', 'validate'], momentry.cliEnv, `${key}\n`)
    expect([valid.code, valid.stdout.split('\n')[0]]).toEqual([0, 'VALID'])
    const lacking = await runCli(['api-key', 'validate', '--scope', 'keys:write', '--json'], momentry.cliEnv, key)
    expect([lacking.code, JSON.parse(lacking.stdout).code]).toEqual([1, 'INSUFFICIENT_SCOPE'])
    expect((await run(['api-key', 'revoke', id, '--reason', 'test over'])).stdout).toBe(`Revoked ${id}.\n`)
    await expect.poll(async () => (await run(['api-key', 'validate'], key)).stdout.split('\n')[0]).toBe('REVOKED')
    expect((await run(['api-key', 'validate'], 'not a secret')).stdout).toMatch(/^MALFORMED/)
  })

  it('takes the API key and then the secret from standard input', async () => {
    const { key } = await create('other')
    const both = await runCli(['api-key', 'validate', '--key-stdin'], momentry.cliEnv, `${momentry.secret}\n${key}\n`)
    expect([both.code, both.stdout.split('\n')[0]]).toEqual([0, 'VALID'])
  })

  it('shows usage over time', async () => {
    const { id } = await create('quiet')
    const stats = await run([
      'api-key',
      'stats',
      id,
      '--from',
      '2015-05-17',
      '--to',
      '2015-05-18',
      '--interval',
      'hour',
    ])
    expect(stats.stdout).toMatch(/^2015-05-17T00:00:00.000Z to 2015-05-18T00:00:00.000Z, by hour\nrequests 0, errors 0/)
  })

  it('checks and lists the audit log', async () => {
    const { id } = await create('audited')
    const verified = await run(['audit', 'verify', '--json'])
    expect([verified.code, JSON.parse(verified.stdout).valid]).toEqual([0, true])
    const listed = await run(['audit', 'list', '--key', id, '--json'])
    expect(JSON.parse(listed.stdout).data).toMatchObject([{ keyId: id, action: 'key.created' }])
  })

  it.each([
    ['2, what was typed wrong', ['api-key', 'get', 'no-id'], {}, 2],
    ['2, what the server does not accept', ['api-key', 'create', '--name', 'x', '--scope', 'no such scope'], {}, 2],
    ['3, what is not there', ['api-key', 'get', randomUUID()], {}, 3],
    ['4, a key that is not one', ['api-key', 'list'], { MOMENTRY_API_KEY: 'nonsense' }, 4],
    ['5, a server that is not there', ['api-key', 'list', '--url', 'http://127.0.0.1:1'], { MOMENTRY_API_KEY: 'x' }, 5],
  ] as const)('ends with %s', async (_name, args, env, code) => {
    const result = await runCli(args, { ...momentry.cliEnv, ...env })
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' })
    expect(result.stderr).toMatch(/^error: \S/)
    expect(result.stderr).not.toMatch(/^ +at /m)
  })

  it('says how to start what is not running', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'momentry-none-'))
    const { code, stderr } = await runCli(['api-key', 'list'], { MOMENTRY_DATA_DIR: empty })
    expect(code).toBe(5)
    expect(stderr).toBe(
      `error: no running Momentry found in ${empty}: start it with \`npm start\`, or set MOMENTRY_URL and MOMENTRY_API_KEY\n`,
    )
  })

  it('does not send the local key to another server', async () => {
    const { code, stderr } = await run(['api-key', 'list', '--url', 'http://127.0.0.1:1'])
    expect(code).toBe(4)
    expect(stderr).toMatch(/no API key/)
  })

  it('has examples in the help of every command', async () => {
    const { stdout } = await run(['--help'])
    const commands = [...stdout.matchAll(/^ {2}([a-z-]+) /gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => name !== 'help')
    expect(commands).toEqual(expect.arrayContaining(['api-key', 'anomaly', 'usage', 'audit', 'demo', 'migrate']))
    for (const args of [...leaves, ['demo'], ['migrate']]) {
      const help = await run([...args, '--help'])
      expect([args.join(' '), help.code]).toEqual([args.join(' '), 0])
      expect(help.stdout).toContain('Examples:')
    }
  })
})

const leaves = [
  ...['create', 'list', 'get', 'validate', 'revoke', 'stats'].map((verb) => ['api-key', verb]),
  ...['list', 'watch', 'acknowledge', 'resolve'].map((verb) => ['anomaly', verb]),
  ...['verify', 'list'].map((verb) => ['audit', verb]),
  ['usage', 'import'],
]
