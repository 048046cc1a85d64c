import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createForeignPrefixes } from '@momentry/shared/keys/imported/prefixes.ts'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type Call, codeOf, createClient } from '../api/client.ts'
import { callCli } from '../cli/support/call-cli.ts'
import { createInstallation, type Installation } from '../cli/support/installation.ts'
import { untilHolds } from '../support/until-holds.ts'

let t: Installation
let call: Call
let folder: string
beforeAll(async () => {
  t = await createInstallation(['worker'], { RATE_LIMIT_MAX_ATTEMPTS: '100000' })
  call = createClient(t.url, t.secret)
  folder = await mkdtemp(join(tmpdir(), 'momentry-import-'))
})
afterAll(async () => {
  await t.close()
  await rm(folder, { recursive: true })
})

const makeForeign = (prefix = 'sk_live_') => `${prefix}${randomBytes(18).toString('base64url')}`
const digestOf = (secret: string, encoding: 'hex' | 'base64' | 'base64url' = 'hex') =>
  createHash('sha256').update(secret).digest(encoding)
const importKeys = (keys: object[], extra: object = {}, by = call) =>
  by('POST', '/v1/keys/import', { body: { keys, ...extra } })
const validate = async (key: string, by = call) => (await by('POST', '/v1/keys/validate', { body: { key } })).body
const outcomeSchema = z.object({
  imported: z.array(z.looseObject({ id: z.string() })),
  existing: z.array(z.unknown()),
  refused: z.array(z.unknown()),
})

describe('POST /v1/keys/import', () => {
  it('lets existing secrets validate unchanged, however their digests are written', async () => {
    const secrets = [makeForeign(), makeForeign(), makeForeign('')]
    expect(await validate(secrets[0] ?? '')).toEqual({ valid: false, code: 'MALFORMED' })
    const [one, two, three] = secrets.map((secret, n) => ({
      digest: digestOf(secret, (['hex', 'base64', 'base64url'] as const)[n]),
      prefix: n === 2 ? '' : 'sk_live_',
      name: `key ${n}`,
      ownerId: 'me',
      scopes: ['a:read'],
      metadata: { n },
      createdAt: '2020-01-05T00:00:00Z',
    }))
    expect(await importKeys([one ?? {}, two ?? {}])).toMatchObject({
      status: 200,
      body: { imported: [{ index: 0 }, { index: 1 }], existing: [], refused: [] },
    })
    await untilHolds(async () =>
      expect(await validate(secrets[0] ?? '')).toMatchObject({
        valid: true,
        type: 'service',
        name: 'key 0',
        ownerId: 'me',
        scopes: ['a:read'],
        metadata: { n: 0 },
        secretVersion: 1,
      }),
    )
    expect(await validate(secrets[1] ?? '')).toMatchObject({ valid: true, name: 'key 1' })
    // What begins otherwise is still told without a look-up, and what begins so is one that nobody knows.
    expect(await validate(secrets[2] ?? '')).toEqual({ valid: false, code: 'MALFORMED' })
    expect(await validate(makeForeign())).toEqual({ valid: false, code: 'NOT_FOUND' })
    await importKeys([three ?? {}])
    await untilHolds(async () => expect(await validate(secrets[2] ?? '')).toMatchObject({ valid: true }))
  })

  it('takes what it can, tells of the rest, and does nothing twice', async () => {
    const [good, twice] = [makeForeign(), makeForeign()]
    const entry = (secret: string, more: object = {}) => ({
      digest: digestOf(secret),
      prefix: 'sk_live_',
      name: 'x',
      ...more,
    })
    const keys = [
      entry(good),
      entry(twice),
      entry(twice),
      { ...entry(makeForeign()), digest: '$2b$12$abcdefghijklmnopqrstuv' },
      entry(makeForeign(), { type: 'emergency' }),
      entry(makeForeign(), { expiresAt: '2020-01-01T00:00:00Z' }),
      entry(makeForeign(), { strange: 1 }),
      entry(makeForeign(), { name: '' }),
    ]
    const dry = await importKeys(keys, { dryRun: true })
    expect(outcomeSchema.parse(dry.body).imported).toHaveLength(2)
    const { body } = await importKeys(keys)
    expect(body).toMatchObject({
      imported: [{ index: 0 }, { index: 1 }],
      refused: expect.arrayContaining([
        { index: 2, errors: [{ pointer: '/digest', detail: 'comes twice in this request' }] },
        { index: 3, errors: [{ pointer: '/digest', detail: expect.stringContaining('bcrypt') }] },
        { index: 4, errors: [expect.objectContaining({ pointer: '/type' })] },
        { index: 5, errors: [expect.objectContaining({ pointer: '/expiresAt' })] },
        { index: 6, errors: [expect.anything()] },
        { index: 7, errors: expect.arrayContaining([expect.objectContaining({ pointer: '/name' })]) },
      ]),
    })
    expect((await importKeys(keys.slice(0, 2))).body).toMatchObject({
      imported: [],
      existing: [{ index: 0 }, { index: 1 }],
      refused: [],
    })
  })

  it('takes each secret once, however many bring it at the same time', async () => {
    const secrets = Array.from({ length: 50 }, () => makeForeign())
    const keys = secrets.map((secret) => ({ digest: digestOf(secret), prefix: 'sk_live_', name: 'x' }))
    const answers = await Promise.all([importKeys(keys), importKeys(keys.toReversed()), importKeys(keys)])
    const outcomes = answers.map(({ body }) => outcomeSchema.parse(body))
    expect(outcomes.map(({ imported }) => imported.length).toSorted()).toEqual([0, 0, 50])
    expect(outcomes.map(({ existing }) => existing.length).toSorted()).toEqual([0, 50, 50])
  })

  it('grants nothing that the caller does not hold', async () => {
    const { key } = z
      .looseObject({ key: z.string() })
      .parse(
        (await call('POST', '/v1/keys', { body: { type: 'service', name: 'importer', scopes: ['keys:write', 'a:*'] } }))
          .body,
      )
    const by = createClient(t.url, key)
    const entry = (scopes: string[], type = 'service') => ({
      digest: digestOf(makeForeign()),
      prefix: 'sk_live_',
      name: 'x',
      type,
      scopes,
    })
    const { body } = await importKeys(
      [entry(['a:read']), entry(['b:read']), entry(['*']), { ...entry([], 'system'), scopes: undefined }],
      {},
      by,
    )
    expect(body).toMatchObject({ imported: [{ index: 0 }], refused: [{ index: 1 }, { index: 2 }, { index: 3 }] })
  })

  it('gives an imported key a secret of ours when it is rotated, which the old one can claim', async () => {
    const secret = makeForeign()
    const { imported } = outcomeSchema.parse(
      (await importKeys([{ digest: digestOf(secret), prefix: 'sk_live_', name: 'x' }])).body,
    )
    await call('POST', `/v1/keys/${imported[0]?.id}/rotate`, { body: {} })
    const claim = () => createClient(t.url, secret)('POST', '/v1/keys/self/claim')
    await untilHolds(async () => expect((await claim()).status).toBe(200))
    const { key } = z.looseObject({ key: z.string() }).parse((await claim()).body)
    expect(key).toMatch(/^mty_service_/)
    expect(codeOf(await call('POST', '/v1/keys/validate', { body: { key } }))).toBe('VALID')
    expect(await validate(secret)).toMatchObject({ valid: true, rotation: { supersededBy: 2 } })
  })
})

describe('momentry api-key import', () => {
  it('imports lines of JSON and CSV, reports what it refuses, and can be run again', async () => {
    const secrets = Array.from({ length: 600 }, () => makeForeign())
    const file = join(folder, 'keys.ndjson')
    const lines = secrets.map((secret, n) => JSON.stringify({ digest: digestOf(secret), name: `key ${n}` }))
    await writeFile(file, [...lines.slice(0, 3), 'nonsense', ...lines.slice(3), '{"digest":"x"}'].join('\n'))
    const refused = join(folder, 'refused.ndjson')
    const run = (...args: string[]) =>
      callCli(['api-key', 'import', file, '--prefix', 'sk_live_', '--json', ...args], t.cliEnv)
    const dry = await run('--dry-run')
    expect(JSON.parse(dry.stdout), dry.stderr).toEqual({ imported: 600, existing: 0, refused: 2, dryRun: true })
    expect(dry.code).toBe(1)
    const real = await run('--refused', refused)
    expect(JSON.parse(real.stdout)).toMatchObject({ imported: 600, refused: 2 })
    expect(
      (await readFile(refused, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { line: 4, reason: 'is no JSON object' },
      { line: 602, reason: expect.stringContaining('digest must be the SHA-256') },
    ])
    expect(JSON.parse((await run()).stdout)).toMatchObject({ imported: 0, existing: 600, refused: 2 })
    await untilHolds(async () =>
      expect(await validate(secrets[599] ?? '')).toMatchObject({ valid: true, name: 'key 599' }),
    )

    const csv = join(folder, 'more.csv')
    const [fresh] = [makeForeign()]
    await writeFile(
      csv,
      `sha256,name,scopes,metadata.team\n${digestOf(fresh ?? '', 'base64')},"from, csv",a:read,pay\n${digestOf(secrets[0] ?? '')},again,,\n`,
    )
    const more = await callCli(['api-key', 'import', csv, '--prefix', 'sk_live_'], t.cliEnv)
    expect(more, more.stderr).toMatchObject({ code: 0, stdout: 'Imported 1 keys; 1 were known; 0 refused.\n' })
    await untilHolds(async () =>
      expect(await validate(fresh ?? '')).toMatchObject({
        valid: true,
        name: 'from, csv',
        scopes: ['a:read'],
        metadata: { team: 'pay' },
      }),
    )
  })
})

describe('createForeignPrefixes', () => {
  it('asks for prefixes once in a while and after a change, and lets everything through where there are too many', async () => {
    const pool = new Pool({ connectionString: t.stores.databaseUrl, max: 1 })
    const asked = vi.spyOn(pool, 'query')
    let now = 0
    const foreign = createForeignPrefixes({ pool, now: () => now })
    const many = Promise.all(['sk_live_x', 'other', 'x', 'sk_live'].map((each) => foreign.fits(each)))
    // Some keys have none, so anything may be theirs.
    expect(await many).toEqual([true, true, true, true])
    await pool.query("UPDATE api_key_secrets SET imported_prefix = 'pk_' WHERE imported_prefix = ''")
    asked.mockClear()
    now += 4_999
    expect(await foreign.fits('other')).toBe(true)
    expect(asked).not.toHaveBeenCalled()
    now += 1
    expect(await Promise.all(['sk_live_x', 'pk_', 'other', 'sk_'].map((each) => foreign.fits(each)))).toEqual([
      ...[true, true, false, false],
    ])
    expect(asked).toHaveBeenCalledTimes(1)
    const keys = Array.from({ length: 200 }, (_, n) => ({
      digest: digestOf(makeForeign()),
      prefix: `p${n}_`,
      name: 'x',
    }))
    expect((await importKeys(keys)).status).toBe(200)
    expect(await foreign.fits('p7_x')).toBe(false)
    foreign.expire()
    expect(await foreign.fits('p7_x')).toBe(true)
    expect(await foreign.fits('other')).toBe(true)
    await pool.end()
    // What is known serves on; a process that never knew cannot tell.
    foreign.expire()
    expect(await foreign.fits('other')).toBe(true)
    await expect(createForeignPrefixes({ pool, now: () => now }).fits('x')).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    })
  })
})
