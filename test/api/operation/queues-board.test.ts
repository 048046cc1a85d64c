import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { type OpenQueues, openQueues } from '@momentry/shared/platform/process/open-queues.ts'
import { createRedisFactory, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openBrowser, openPage, views } from '../../console/support/browser.ts'
import { type Call, codeOf, createClient, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
let opened: OpenQueues
let rotations: OpenQueues['queues'][number]
beforeAll(async () => {
  t = await startHarness()
  const log = createLogger({ name: 'test', level: 'silent' })
  opened = openQueues({
    createRedis: createRedisFactory({ url: t.stores.redisUrl, name: 'test', log }),
    prefix: createNames(t.stores.prefix).queuePrefix,
    queueNames: ['rotations'],
  })
  await whenReady(opened.connection)
  const [first] = opened.queues
  if (!first) throw new Error('no queue was opened')
  rotations = first
})
afterAll(async () => {
  await opened.close()
  await t.close()
})

/** Signs in with a new key, and calls as a page of the board does. */
async function signIn(...scopes: string[]): Promise<Call> {
  const { key } = await makeKey(t.asRoot, { scopes })
  const answer = await t.asAnyone('POST', '/v1/session', { body: { key } })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const call = createClient(t.api.url)
  return (method, path, options = {}) =>
    call(method, path, { ...options, headers: { cookie, 'sec-fetch-site': 'same-origin', ...options.headers } })
}

const queuesSchema = z.looseObject({
  queues: z.array(
    z.looseObject({
      name: z.string(),
      readOnlyMode: z.boolean(),
      isPaused: z.boolean(),
      jobs: z.array(z.looseObject({})),
    }),
  ),
})
const base = '/console/queues'
const list = async (call: Call, query = '') =>
  queuesSchema.parse((await call('GET', `${base}/api/queues?page=1&jobsPerPage=10${query}`)).body).queues

describe('the board of the queues', () => {
  it('is for who is signed in and holds jobs:read', async () => {
    const page = { headers: { accept: 'text/html' } }
    const fetched = await fetch(`${t.api.url}${base}/`, { redirect: 'manual', ...page })
    expect([fetched.status, fetched.headers.get('location')]).toEqual([303, '/console/'])
    expect(codeOf(await t.asAnyone('GET', `${base}/api/queues`))).toBe('UNAUTHENTICATED')
    expect(codeOf(await t.asAnyone('GET', `${base}/static/favicon.ico`))).toBe('UNAUTHENTICATED')
    expect(codeOf(await (await signIn('keys:*'))('GET', `${base}/`, page))).toBe('FORBIDDEN')
    expect((await (await t.as('jobs:read'))('GET', `${base}/`)).status).toBe(200)
  })

  it('is a page that loads nothing from elsewhere', async () => {
    const call = await signIn('jobs:read')
    const page = await call('GET', `${base}/`)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(page.text).not.toMatch(/(?:src|href)="https?:/)
    const parts = [...page.text.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map((match) => match[1])
    expect(parts.length).toBeGreaterThan(4)
    for (const part of parts) expect((await call('GET', `${base}/${part}`)).status, part).toBe(200)
    expect((await call('GET', `${base}/queue/rotations`)).text).toContain('<div id="root">')
    expect((await call('GET', `${base}/static/..%2f..%2fpackage.json`)).status).not.toBe(200)
  })

  it('shows every queue, and of its jobs no more than ids', async () => {
    const secret = `mty_service_${'a'.repeat(43)}_000000`
    await rotations.add('rotations', { rowId: 'the-row', more: 'a secret' }, { jobId: 'job-1', delay: 3_600_000 })
    await rotations.add('rotations', { rowId: secret }, { jobId: 'job-2', delay: 3_600_000 })
    const queues = await list(await signIn('jobs:read'), '&activeQueue=rotations&status=delayed')
    expect(queues.map(({ name }) => name).toSorted()).toEqual([
      'backups',
      'integration-rotations',
      'rotations',
      'upkeep',
    ])
    const shown = queues.find(({ name }) => name === 'rotations')?.jobs.find(({ id }) => id === 'job-1')
    expect(shown).toMatchObject({ data: { rowId: 'the-row', more: '(hidden)' } })
    expect(JSON.stringify(queues)).not.toContain(secret)
    expect(JSON.stringify(queues)).not.toContain('a secret')
  })

  it('lets those alone change something who hold jobs:write, from a page of ours, and writes it down', async () => {
    const looks = await signIn('jobs:read')
    const writes = await signIn('jobs:read', 'jobs:write')
    const pause = `${base}/api/queues/rotations/pause`
    expect(codeOf(await looks('PUT', pause))).toBe('FORBIDDEN')
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      expect(codeOf(await writes('PUT', pause, { headers }))).toBe('FORBIDDEN')
    expect(await rotations.isPaused()).toBe(false)
    expect((await list(looks)).every(({ readOnlyMode }) => readOnlyMode)).toBe(true)
    expect((await list(writes)).some(({ readOnlyMode }) => readOnlyMode)).toBe(false)

    expect((await writes('PUT', pause)).status).toBe(200)
    expect(await rotations.isPaused()).toBe(true)
    expect((await writes('PUT', `${base}/api/queues/rotations/resume`)).status).toBe(200)
    expect(await rotations.isPaused()).toBe(false)
    const { text } = await t.asRoot('GET', '/v1/audit?action=queue.changed')
    expect(text).toContain('/api/queues/:queueName/pause')
    expect(text).toContain('/api/queues/:queueName/resume')
  })

  it('makes no jobs, changes none, and takes no queue away', async () => {
    const writes = await signIn('jobs:*')
    const body = { name: 'x', data: { rowId: 'x' }, options: {} }
    for (const [method, path] of [
      ['POST', 'rotations/add'],
      ['PUT', 'rotations/obliterate'],
      ['PUT', 'rotations/empty'],
      ['PATCH', 'rotations/job-1/update-data'],
    ] as const)
      expect((await writes(method, `${base}/api/queues/${path}`, { body })).status, path).toBe(403)
    expect((await rotations.getJob('job-1'))?.data).toMatchObject({ rowId: 'the-row' })
    expect((await writes('PUT', `${base}/api/queues/rotations/job-1/clean`)).status).toBe(204)
    expect(await rotations.getJob('job-1')).toBeUndefined()
  })

  it('works in a browser under its policy, and asks nobody else', async () => {
    const { key } = await makeKey(t.asRoot, { scopes: ['jobs:*'] })
    const browser = await openBrowser()
    try {
      const { page, problems } = await openPage(browser, t.api.url ?? '', views.light)
      await page.goto('/console/')
      await page.evaluate(
        (secret) =>
          fetch('/v1/session', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ key: secret }),
          }),
        key,
      )
      problems.length = 0
      await page.goto(`${base}/queue/rotations`)
      await page.getByText('rotations').first().waitFor()
      await page.getByText('job-2').first().waitFor()
      // As its own buttons do it.
      const paused = await page.evaluate(
        async (path) => (await fetch(path, { method: 'PUT' })).status,
        `${base}/api/queues/rotations/pause`,
      )
      expect(paused).toBe(200)
      expect(problems).toEqual([])
    } finally {
      await browser.close()
    }
  })

  it('keeps no process from its end', async () => {
    expect(await t.api.stop()).toBe(0)
  })
})
