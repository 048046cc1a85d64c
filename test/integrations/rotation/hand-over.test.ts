import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../../api/client.ts'
import { type RemoteServer, startRemoteServer } from '../../support/remote/remote-server.ts'
import { bodyOf } from '../harness.ts'
import { type Rotation, type RotationHarness, startRotationHarness } from './support.ts'

const base = realpathSync(mkdtempSync(join(tmpdir(), 'momentry-hand-over-')))
const hooks = join(base, 'hooks')
const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

let t: RotationHarness
let connectionId: string
/** Its host is listed. */
let receiver: RemoteServer
/** Its host is not. */
let stranger: RemoteServer
beforeAll(async () => {
  mkdirSync(hooks)
  const take = () => ({ status: 204 })
  receiver = await startRemoteServer(take)
  stranger = await startRemoteServer(take)
  t = await startRotationHarness({
    INTEGRATION_HOOKS_DIR: hooks,
    INTEGRATION_WEBHOOK_HOSTS: new URL(receiver.url).host,
    INTEGRATION_WEBHOOK_SECRET: webhookSecret,
  })
  connectionId = await t.connect()
})
afterAll(async () => {
  await t.close()
  await Promise.all([receiver.close(), stranger.close()])
  rmSync(base, { recursive: true })
})
beforeEach(() => receiver.clearFaults())

/** Makes a token that is handed over in a way, and asks for its rotation. */
async function begin(handOver: object, input: object = {}) {
  const credential = await t.create({ connectionId, policy: { handOver } })
  return { credential, rotationId: await t.request(credential.id, input) }
}

/** What the first try failed with; then the rotation is cancelled. */
async function firstFailure(handOver: object): Promise<string | null> {
  const { rotationId } = await begin(handOver)
  await expect.poll(async () => (await t.rotation(rotationId)).error).not.toBeNull()
  const { error } = await t.rotation(rotationId)
  bodyOf(await t.asRoot('POST', `/v1/integrations/rotations/${rotationId}/cancel`), 202)
  return error
}

const newKey = ({ newRemoteName }: Rotation) =>
  t.gitea.tokens('ada').find(({ name }) => name === newRemoteName)?.value ?? ''

/** Holds all that Momentry kept and told against a key that was handed over. */
async function expectNothingKept(rotationId: string, key: string) {
  expect(key).not.toBe('')
  expect(codeOf(await t.asRoot('POST', `/v1/integrations/rotations/${rotationId}/secret`))).toBe('NOT_CLAIMABLE')
  const { pool } = t.bench.postgres
  const kept = await pool.query('SELECT 1 FROM integration_escrow WHERE rotation_id = $1', [rotationId])
  expect(kept.rows).toEqual([])
  await expectUntold(key)
}

/** Holds every row of the database, and every alert, against a key. */
async function expectUntold(key: string) {
  const { pool } = t.bench.postgres
  const tables = await pool.query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  )
  expect(tables.rows).toContainEqual({ name: 'integration_rotations' })
  const read = tables.rows.map(({ name }) => pool.query(`SELECT row_to_json(r)::text AS row FROM ${name} r`))
  const rows = (await Promise.all(read)).flatMap((result) => result.rows)
  expect(JSON.stringify([rows, t.bench.alerts])).not.toContain(key)
}

function writeHook(path: string, ...lines: string[]): void {
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 })
}

describe('a hook', () => {
  const hook = (name: string) => ({ type: 'hook', name })
  const written = (name: string) => readFileSync(join(hooks, name), 'utf8')

  it('is told on standard input, in one line, and nowhere else', async () => {
    writeHook(join(hooks, 'take'), 'cat > "$0.stdin"', 'echo "$#" > "$0.argc"', 'env > "$0.env"', 'cat "$0.stdin"')
    const { credential, rotationId } = await begin(hook('take'))
    const key = newKey(await t.reached(rotationId, 'draining'))
    const [line, rest] = written('take.stdin').split('\n')
    expect(JSON.parse(line ?? '')).toEqual({
      system: 'gitea',
      server: t.gitea.url,
      credentialId: credential.id,
      name: credential.name,
      owner: 'ada',
      version: 2,
      rotationId,
      key,
    })
    expect(rest).toBe('')
    expect(written('take.stdin').match(/\n/g)).toHaveLength(1)
    expect(written('take.argc')).toBe('0\n')
    const names = written('take.env').matchAll(/^(\w+)=/gm)
    // The shell itself adds the others.
    expect(['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_']).toEqual(expect.arrayContaining([...names].map(([, name]) => name)))
    await expectNothingKept(rotationId, key)
  })

  it('that fails is tried again until the rotation fails, in its own words but for the new value', async () => {
    const file = join(hooks, 'fail')
    const findKey = `key=$(sed 's/.*"key":"\\([^"]*\\)".*/\\1/')`
    writeHook(file, findKey, 'echo "$key" >> "$0.keys"', 'echo "the vault is sealed, it wants no $key" >&2', 'exit 1')
    const { credential, rotationId } = await begin(hook('fail'), { graceSeconds: 0 })
    const { error, jobId } = await t.reached(rotationId, 'failed')
    expect(error).toBe('the hook fail ended with 1: the vault is sealed, it wants no [the new credential]')
    const [key = '', ...again] = written('fail.keys').trim().split('\n')
    expect(key).toMatch(/^[0-9a-f]{40}$/)
    expect(again).toEqual(Array(5).fill(key))
    await expect.poll(() => JSON.stringify(t.bench.alerts)).toContain('the vault is sealed')
    await expectUntold(key)
    expect(t.there()).toContain(credential.name)

    writeHook(file, findKey, 'echo "$key" > "$0.taken"')
    bodyOf(await t.asRoot('POST', `/v1/jobs/${jobId}/retry`), 200)
    expect(newKey(await t.reached(rotationId, 'completed'))).toBe(written('fail.taken').trim())
    expect(t.there()).not.toContain(credential.name)
  })

  it('may leave something running that keeps its output open', async () => {
    writeHook(join(hooks, 'leave'), 'cat > /dev/null', 'sleep 60 &', 'echo "$!" > "$0.pid"')
    const { rotationId } = await begin(hook('leave'))
    try {
      await expectNothingKept(rotationId, newKey(await t.reached(rotationId, 'draining')))
    } finally {
      process.kill(Number(written('leave.pid')))
    }
  })

  it('is none that is not there, leads out of the directory, or cannot be run', async () => {
    const outside = join(base, 'outside')
    writeHook(outside, 'echo ran >> "$0.ran"')
    symlinkSync(outside, join(hooks, 'leads-out'))
    symlinkSync(base, join(hooks, 'leads-up'))
    writeFileSync(join(hooks, 'no-program'), '#!/bin/sh\n', { mode: 0o644 })
    for (const name of ['not-there', 'leads-out', 'leads-up', 'no-program'])
      expect(await firstFailure(hook(name))).toBe(`there is no hook called ${name} that can be run`)
    expect(() => readFileSync(`${outside}.ran`)).toThrow('ENOENT')
  })
})

describe('a webhook', () => {
  const webhook = (url: string) => ({ type: 'webhook', url })
  const came = (path: string) => receiver.requests.filter((request) => request.path === path)

  it('is told what its secret signs, once per rotation by its id', async () => {
    const path = '/take?from=momentry&x=a%20b'
    const { credential, rotationId } = await begin(webhook(receiver.url + path))
    const key = newKey(await t.reached(rotationId, 'draining'))
    const [request, ...others] = came(path)
    expect(others).toEqual([])
    expect(request).toMatchObject({ method: 'POST', headers: { 'webhook-id': rotationId } })
    const { body, headers } = request ?? { body: '', headers: {} }
    const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    expect(new Webhook(webhookSecret).verify(body, signed)).toEqual({
      type: 'credential.hand-over',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      data: {
        system: 'gitea',
        server: t.gitea.url,
        credentialId: credential.id,
        name: credential.name,
        owner: 'ada',
        version: 2,
        rotationId,
        key,
      },
    })
    expect(JSON.stringify([request?.path, headers])).not.toContain(key)
    await expectNothingKept(rotationId, key)
  })

  it('that is away is waited for, with the same id and value', async () => {
    // More often than one attempt asks.
    receiver.inject({ kind: 'status', status: 503 }, { path: /^\/away$/, times: 4 })
    const { rotationId } = await begin(webhook(`${receiver.url}/away`))
    const key = newKey(await t.reached(rotationId, 'draining'))
    const told = came('/away')
    expect(told).toHaveLength(5)
    for (const { headers, body } of told) {
      expect(headers['webhook-id']).toBe(rotationId)
      expect(JSON.parse(body)).toMatchObject({ data: { key } })
    }
    await expectNothingKept(rotationId, key)
  })

  it('gets nothing at a host that is not listed, nor where a listed one leads to it', async () => {
    const { host } = new URL(stranger.url)
    expect(await firstFailure(webhook(`${stranger.url}/take`))).toBe(`INTEGRATION_WEBHOOK_HOSTS: does not hold ${host}`)
    const headers = { location: `${stranger.url}/take` }
    receiver.inject({ kind: 'status', status: 307, headers }, { path: /^\/leads-out$/, times: 100 })
    expect(await firstFailure(webhook(`${receiver.url}/leads-out`))).toMatch(`leads to another place (${host})`)
    expect(stranger.requests).toEqual([])
  })

  it('that refuses is told of by its status alone', async () => {
    receiver.inject({ kind: 'status', status: 403, body: 'no' }, { path: /^\/refuses/, times: 100 })
    const { host } = new URL(receiver.url)
    const error = await firstFailure(webhook(`${receiver.url}/refuses?token=hidden`))
    expect(error).toBe(`the webhook at ${host} answered 403`)
  })
})
