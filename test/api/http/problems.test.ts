import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
beforeAll(async () => {
  t = await startHarness()
})
afterAll(() => t.close())

const name = { type: 'service', name: 'n' }

describe('problems', () => {
  it('have the form of RFC 9457 with a code, and carry the id of the request', async () => {
    const answer = await t.asRoot('GET', '/nowhere', { headers: { 'x-request-id': 'abc.DEF-1_2' } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('x-request-id')).toBe('abc.DEF-1_2')
    expect(answer.body).toEqual({
      type: 'urn:momentry:problem:NOT_FOUND',
      title: expect.any(String),
      status: 404,
      detail: expect.any(String),
      code: 'NOT_FOUND',
      errors: [],
      requestId: 'abc.DEF-1_2',
    })
  })

  it.each<[string, string, string, { body?: unknown; headers?: Record<string, string> }, number, string]>([
    ['an unknown path', 'GET', '/v1/none', {}, 404, 'NOT_FOUND'],
    ['a path with a slash too many', 'GET', '/v1/keys/', {}, 404, 'NOT_FOUND'],
    ['a wrong method', 'PUT', '/v1/keys', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['a wrong method of a path with an id', 'POST', '/v1/keys/1', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['broken JSON', 'POST', '/v1/keys', { body: '{"type":' }, 400, 'MALFORMED_JSON'],
    ['an empty body', 'POST', '/v1/keys', { body: '' }, 400, 'MALFORMED_JSON'],
    [
      'a body of another type',
      'POST',
      '/v1/keys',
      { body: 'a=b', headers: { 'content-type': 'text/plain' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a form',
      'POST',
      '/v1/keys',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a compressed body',
      'POST',
      '/v1/keys',
      { body: name, headers: { 'content-encoding': 'gzip' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a body over 1 MiB', 'POST', '/v1/keys', { body: { ...name, x: 'x'.repeat(1 << 20) } }, 413, 'PAYLOAD_TOO_LARGE'],
    [
      'a body that nests without end',
      'POST',
      '/v1/keys',
      { body: `{"metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}` },
      400,
      'MALFORMED_JSON',
    ],
    [
      'a body of another charset',
      'POST',
      '/v1/keys',
      { body: name, headers: { 'content-type': 'application/json; charset="ISO-8859-1"' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('tell %s', async (_, method, path, options, status, code) => {
    const answer = await t.asRoot(method, path, options)
    expect(answer).toMatchObject({ status, body: { status, code } })
  })

  it('tell which methods are possible', async () => {
    const answer = await t.asRoot('PUT', '/v1/keys')
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST'])
  })

  it('stop a body that comes in chunks at 1 MiB', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(64 * 1024))
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length
        if (sent > 64 << 20) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const outcome = await fetch(`${t.api.url}/v1/keys`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${t.root.key}` },
    }).then(
      (answer) => answer.status,
      // The connection may be cut while chunks are still under way.
      () => 413,
    )
    expect(outcome).toBe(413)
    expect(sent).toBeLessThan(64 << 20)
    expect((await t.asAnyone('GET', '/healthz')).status).toBe(200)
  })

  it('take JSON of a more exact type', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    expect((await t.asRoot('POST', '/v1/keys', { body: name, headers })).status).toBe(201)
  })

  it('tell a body that is not UTF-8, instead of changing it', async () => {
    const body = Buffer.from('{"type":"service","name":"caf\u00e9"}', 'latin1')
    const answer = await fetch(`${t.api.url}/v1/keys`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${t.root.key}` },
    })
    expect(await answer.json()).toMatchObject({ status: 400, code: 'MALFORMED_JSON', detail: 'the body is not UTF-8' })
  })

  it('name the part that is wrong', async () => {
    const path = await t.asRoot('GET', '/v1/keys/7')
    expect(path.body).toMatchObject({ detail: 'the path is not valid' })
    const headers = await t.asRoot('POST', '/v1/keys', { body: name, headers: { 'idempotency-key': 'a b' } })
    expect(headers.body).toMatchObject({ detail: 'the headers are not valid' })
  })

  it('never repeat a secret', async () => {
    const { secret } = makeSecret('system')
    const { id } = await makeKey(t.asRoot)
    const answers = [
      await t.asRoot('GET', `/v1/keys/${secret}`),
      await t.asRoot('POST', '/v1/keys', { body: { ...name, [secret]: secret } }),
      await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { metadata: { [secret]: 1 } } }),
      await t.asRoot('GET', `/v1/keys?${secret}=${secret}`),
      await t.asRoot('GET', '/v1/keys', { headers: { authorization: `Bearer ${secret}`, 'x-request-id': secret } }),
    ]
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.text).not.toContain(secret)
      expect(answer.headers.get('x-request-id')).not.toBe(secret)
    }
  })

  it('name a request by themselves where the caller names it badly', async () => {
    for (const bad of ['a b', 'x'.repeat(129), '<script>'])
      expect(
        (await t.asAnyone('GET', '/healthz', { headers: { 'x-request-id': bad } })).headers.get('x-request-id'),
      ).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('tell nothing of what broke inside', async () => {
    const { runSql } = await import('../../support/servers/database.ts')
    await runSql(t.stores.databaseUrl, 'ALTER TABLE api_key_changes RENAME TO hidden')
    const answer = await t.asRoot('POST', '/v1/keys', { body: name })
    await runSql(t.stores.databaseUrl, 'ALTER TABLE hidden RENAME TO api_key_changes')
    expect(answer.status).toBe(500)
    expect(codeOf(answer)).toBe('INTERNAL')
    expect(answer.text).not.toMatch(/api_key|relation|select|insert/i)
    const { requestId } = { requestId: answer.headers.get('x-request-id') ?? 'none' }
    expect(t.api.output()).toContain(requestId)
  })
})
