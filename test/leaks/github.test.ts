import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { codeOf, createClient, makeKey } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { type RemoteServer, startRemoteServer } from '../support/remote/remote-server.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

const makePair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = (pair: ReturnType<typeof makePair>) => pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()

const [first, second] = [makePair(), makePair()]
const published = new Map([['one', pem(first)]])
let github: RemoteServer
let t: Harness
let bench: Workbench
const others: TestProcess[] = []
beforeAll(async () => {
  github = await startRemoteServer(() => ({
    status: 200,
    body: { public_keys: [...published].map(([key_identifier, key]) => ({ key_identifier, key, is_current: true })) },
  }))
  t = await startHarness({ GITHUB_LEAK_KEYS_URL: `${github.url}/meta/public_keys/secret_scanning` })
  bench = await createWorkbench(t.stores.env)
  others.push(...(await Promise.all([startProcess('worker', t.stores.env), startProcess('alerter', t.stores.env)])))
})
afterAll(async () => {
  await Promise.all(others.map((each) => each.stop()))
  await bench.close()
  await t.close()
  await github.close()
})

const found = (token: string, url = 'https://github.com/octo/shop/blob/main/.env') => ({
  token,
  type: 'momentry',
  url,
  source: 'content',
})

/** Reports as GitHub does. @param sent what arrives, where that is not what was signed */
function report(
  tokens: object[],
  { pair = first, identifier = 'one', sent }: { pair?: typeof first; identifier?: string; sent?: string } = {},
) {
  const body = JSON.stringify(tokens)
  const signature = sign('sha256', Buffer.from(body), pair.privateKey).toString('base64')
  const headers = { 'github-public-key-identifier': identifier, 'github-public-key-signature': signature }
  return t.asAnyone('POST', '/v1/leaks/github', { body: sent ?? body, headers })
}
const validate = async (key: string) =>
  codeOf(await t.asAnyone('POST', '/v1/keys/validate', { body: { key, recordUsage: false } }))
const alertsOf = (keyId: string) =>
  bench.alerts.filter(({ type, data }) => type === 'key.leaked' && 'keyId' in data && data.keyId === keyId)

it('forces a rotation of what leaked, tells people, and says which tokens are ours', async () => {
  const { id, key } = await makeKey(t.asRoot)
  const stranger = makeSecret('service').secret
  const answer = await report([found(key), found(stranger), found('ghp_something')])
  expect(answer).toMatchObject({
    status: 200,
    body: [
      { token_raw: key, token_type: 'momentry', label: 'true_positive' },
      { token_raw: stranger, token_type: 'momentry', label: 'false_positive' },
      { token_raw: 'ghp_something', label: 'false_positive' },
    ],
  })
  await untilHolds(async () => expect(await validate(key)).toBe('ROTATED'))
  await untilHolds(() => expect(alertsOf(id)).toHaveLength(1))
  expect(alertsOf(id)[0]?.data).toMatchObject({
    severity: 'critical',
    source: 'github',
    action: 'rotate',
    rotationId: expect.any(String),
  })

  // GitHub sends again what it is not sure of.
  expect((await report([found(key)])).status).toBe(200)
  const rotations = await t.asRoot('GET', `/v1/rotations?keyId=${id}`)
  expect(z.object({ data: z.array(z.looseObject({ kind: z.string() })) }).parse(rotations.body).data).toMatchObject([
    { kind: 'forced' },
  ])
  const audit = await t.asRoot('GET', `/v1/audit?keyId=${id}&action=key.leaked`)
  expect(audit.body).toMatchObject({
    data: [
      {
        reason: expect.stringContaining('.env'),
        after: { action: 'rotate', source: 'github', url: found('').url },
      },
    ],
  })
  expect(audit.text).not.toMatch(/mty_/)
})

it('does what the policy says, and nothing to a secret that is dead', async () => {
  const revoked = await makeKey(t.asRoot, { policy: { onLeak: 'revoke' } })
  const watched = await makeKey(t.asRoot, { policy: { onLeak: 'none' } })
  const emergency = await makeKey(t.asRoot, { type: 'emergency' })
  const dead = await makeKey(t.asRoot)
  await t.asRoot('DELETE', `/v1/keys/${dead.id}`)
  await report([found(revoked.key), found(watched.key), found(emergency.key), found(dead.key)])
  await untilHolds(async () => expect(await validate(revoked.key)).toBe('REVOKED'))
  await untilHolds(async () => expect(await validate(emergency.key)).toBe('REVOKED'))
  expect(await validate(watched.key)).toBe('VALID')
  await untilHolds(() =>
    expect([watched, dead].map(({ id }) => alertsOf(id)[0]?.data.severity)).toEqual(['critical', 'low']),
  )
})

it('believes nobody but GitHub, and looks nothing up before', async () => {
  const { key } = await makeKey(t.asRoot)
  const refused = { status: 401, body: { code: 'SIGNATURE_INVALID' } }
  expect(await report([found(key)], { pair: second })).toMatchObject(refused)
  expect(await report([found(key)], { identifier: 'unknown' })).toMatchObject(refused)
  expect(await report([found('x')], { sent: JSON.stringify([found(key)]) })).toMatchObject(refused)
  expect(await report([found('x')], { sent: `${JSON.stringify([found('x')])} ` })).toMatchObject(refused)
  expect(await t.asAnyone('POST', '/v1/leaks/github', { body: [found(key)] })).toMatchObject(refused)
  expect(await report([], { sent: 'no JSON', pair: second })).toMatchObject(refused)
  expect((await report([{ nothing: 'of it' }])).status).toBe(400)
  expect(await validate(key)).toBe('VALID')
})

it('knows secrets in their grace, imported ones, and the same secret in another place', async () => {
  const { id, key } = await makeKey(t.asRoot)
  await t.asRoot('POST', `/v1/keys/${id}/rotate`, { body: {} })
  const claim = () => createClient(t.api.url, key)('POST', '/v1/keys/self/claim')
  await untilHolds(async () => expect((await claim()).status).toBe(200))
  const successor = z.looseObject({ key: z.string() }).parse((await claim()).body).key
  const foreign = `sk_live_${randomBytes(18).toString('hex')}`
  const digest = createHash('sha256').update(foreign).digest('hex')
  await t.asRoot('POST', '/v1/keys/import', { body: { keys: [{ digest, prefix: 'sk_live_', name: 'foreign' }] } })
  // The second report may come before the rotation that the first one asked for is done, and is no error then.
  const places = ['https://github.com/octo/shop/blob/main/a', `https://github.com/octo/\u0000${key}\ud800`]
  for (const url of places)
    expect(await report([found(key, url), found(foreign, url)])).toMatchObject({
      status: 200,
      body: [{ label: 'true_positive' }, { label: 'true_positive' }],
    })
  for (const secret of [key, successor, foreign])
    await untilHolds(async () => expect(await validate(secret)).toBe('ROTATED'))
  await untilHolds(() => expect(alertsOf(id)).toHaveLength(2))
  expect(JSON.stringify(alertsOf(id))).not.toContain(key)
})

it('locks nobody out for what is not ours', async () => {
  for (let n = 0; n < 10; n += 1) await report([found(makeSecret('user').secret)])
  expect(await validate(makeSecret('user').secret)).toBe('NOT_FOUND')
})

it('asks GitHub once for whoever sends a key that it does not know', async () => {
  expect(await report([found('x')])).toMatchObject({ status: 200 })
  published.clear()
  published.set('two', pem(second))
  // An unknown key is not asked for again within a minute, whoever sends it.
  const asked = github.requests.length
  for (let n = 0; n < 3; n += 1)
    expect((await report([found('x')], { pair: second, identifier: 'two' })).status).toBe(401)
  expect(github.requests).toHaveLength(asked)
})
