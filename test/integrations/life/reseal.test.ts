import { randomBytes } from 'node:crypto'
import { resealAll } from '@momentry/shared/master-key/reseal.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createClient } from '../../api/client.ts'
import { startHarness } from '../../api/harness.ts'
import { startProcess } from '../../support/processes/processes.ts'
import { startN8n } from '../../support/remote/n8n/n8n-server.ts'
import { createWorkbench } from '../../support/workbench.ts'
import { bodyOf } from '../harness.ts'

const ops = { email: 'ops@example.com', password: 'Correct-horse-1' }
const idSchema = z.looseObject({ id: z.string() })

it('seals accounts, sessions and successors anew under another master key, which then opens them alone', async () => {
  const n8n = await startN8n()
  n8n.addUser(ops)
  const t = await startHarness({ N8N_URL: n8n.url })
  const env = { ...t.stores.env, N8N_URL: n8n.url }
  const worker = await startProcess('worker', env)
  const connection = { system: 'n8n', name: 'ops', credentials: ops }
  const { id: connectionId } = idSchema.parse(
    bodyOf(await t.asRoot('POST', '/v1/integrations/connections', { body: connection }), 201),
  )
  const body = { label: 'deploy', scopes: ['workflow:list'], connectionId }
  const { id } = idSchema.parse(bodyOf(await t.asRoot('POST', '/v1/integrations/n8n/keys', { body }), 201))
  const queued = bodyOf(await t.asRoot('POST', `/v1/integrations/n8n/keys/${id}/rotate`, { body: {} }), 202)
  const path = `/v1/integrations/rotations/${z.object({ rotationId: z.string(), status: z.string() }).parse(queued).rotationId}`
  const stateOf = async () => (await t.asRoot('GET', path)).body
  await expect.poll(stateOf).toMatchObject({ state: 'draining' })
  const before = bodyOf(await t.asRoot('POST', `${path}/secret`), 200)
  await Promise.all([worker.stop(), t.api.stop()])

  const bench = await createWorkbench(env)
  const next = randomBytes(32).toString('base64')
  const resealed = await resealAll(bench.postgres.db, createSeal([next, t.stores.masterKey]))
  expect(resealed).toEqual({ resealed: 3, unreadable: 0 })
  await bench.close()

  const api = await startProcess('api', { ...env, MOMENTRY_MASTER_KEY: next })
  const call = createClient(api.url, t.root.key)
  expect(bodyOf(await call('POST', `${path}/secret`), 200)).toEqual(before)
  const logins = () => n8n.requests.filter((request) => request.path === '/rest/login').length
  const signedIn = logins()
  const reconciled = bodyOf(await call('POST', '/v1/integrations/n8n/keys/reconcile', { body: { connectionId } }), 200)
  expect(reconciled).toMatchObject({ gone: [], unknown: [] })
  // The session opens as well, so nobody signed in anew.
  expect(logins()).toBe(signedIn)
  await api.stop()
  await Promise.all([t.stores.close(), n8n.close()])
})
