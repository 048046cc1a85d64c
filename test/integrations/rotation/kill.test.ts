import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startProcess } from '../../support/processes/processes.ts'
import type { Fault } from '../../support/remote/remote-server.ts'
import { bodyOf, giteaPath } from '../harness.ts'
import { holdRow, type RowLock } from './hold-row.ts'
import { type RotationHarness, startRotationHarness } from './support.ts'

let t: RotationHarness
const hooks = mkdtempSync(join(tmpdir(), 'momentry-hooks-'))
const calls = join(hooks, 'calls.txt')
beforeAll(async () => {
  // Notes each call, and holds the first one.
  const hook = `#!/bin/sh\nread -r line\necho "$line" >> '${calls}'\n[ "$(wc -l < '${calls}')" -gt 1 ] || sleep 30\n`
  writeFileSync(join(hooks, 'slow'), hook, { mode: 0o755 })
  t = await startRotationHarness({ INTEGRATION_TIMEOUT_SECONDS: '60', INTEGRATION_HOOKS_DIR: hooks }, [])
})
afterAll(async () => {
  await t.close()
  rmSync(hooks, { recursive: true })
})

interface Case {
  /** Where the worker is when it is killed. */
  at: string
  /** The request that meets a fault, of this case's own user. */
  fault?: { fault: Fault; method: string; verify?: boolean }
  /** The credential's row is locked once that request is there, so that what follows it cannot be written. */
  lock?: boolean
  hook?: boolean
  body?: object
}

const hang: Fault = { kind: 'hang' }
/** Worked on, and not answered as long as the worker lives. */
const unanswered: Fault = { kind: 'delay', ms: 30_000 }
/** Long enough for the row to be locked before the answer is there. */
const soon: Fault = { kind: 'delay', ms: 800 }

const batches: Record<string, Case[]> = {
  'create new': [
    { at: 'before it looks what is there', fault: { fault: hang, method: 'GET' } },
    { at: 'before the request for a new one is worked on', fault: { fault: hang, method: 'POST' } },
    { at: 'when a new one is there, and the answer is not', fault: { fault: unanswered, method: 'POST' } },
    { at: 'when the answer is there, and not written down', fault: { fault: soon, method: 'POST' }, lock: true },
  ],
  'hand over and verify new': [
    { at: 'while a hook has it', hook: true },
    { at: 'while the new one is asked about', fault: { fault: hang, method: 'GET', verify: true } },
    {
      at: 'when it is proved, and the switch is not written down',
      fault: { fault: soon, method: 'GET', verify: true },
      lock: true,
    },
  ],
  'delete old': [
    { at: 'before it is worked on', fault: { fault: hang, method: 'DELETE' }, body: { graceSeconds: 0 } },
    {
      at: 'when it is gone, and the answer is not there',
      fault: { fault: unanswered, method: 'DELETE' },
      body: { graceSeconds: 0 },
    },
    {
      at: 'when it is gone, and that is not written down',
      fault: { fault: soon, method: 'DELETE' },
      lock: true,
      body: { graceSeconds: 0 },
    },
    { at: 'of a forced one, before it is worked on', fault: { fault: hang, method: 'DELETE' }, body: { forced: true } },
  ],
}

let users = 0

/** Makes a user with a token to rotate and one that is nobody's business, and says where requests for them go. */
async function prepare({ hook }: Case) {
  users += 1
  const user = { username: `user${users}`, password: 'correct horse' }
  t.gitea.addUser(user)
  t.gitea.plantToken(user.username, 'not ours')
  const connection = { system: 'gitea', name: user.username, credentials: user }
  const stored = await t.asRoot('POST', '/v1/integrations/connections', { body: connection })
  const idSchema = z.looseObject({ id: z.string() })
  const connectionId = idSchema.parse(bodyOf(stored, 201)).id
  const policy = hook ? { handOver: { type: 'hook', name: 'slow' } } : {}
  const body = { username: user.username, name: 'ci', scopes: ['read:user'], connectionId, policy }
  const { id } = idSchema.parse(bodyOf(await t.asRoot('POST', giteaPath, { body }), 201))
  return { id, username: user.username, path: new RegExp(`/users/${user.username}/tokens`) }
}

describe.each(Object.entries(batches))('a worker that is killed in %s', (_, cases) => {
  it('is followed by one that ends the work: one credential there, and what is not ours untouched', async () => {
    const worker = await startProcess('worker', t.env)
    const started = []
    // One after the other, since questions about a credential do not tell whose it is.
    for (const one of cases) started.push(await begin(one))
    worker.kill('SIGKILL')
    await worker.exited
    await Promise.all(started.map(({ lock }) => lock?.release()))
    const next = await startProcess('worker', t.env)
    try {
      for (const { id, rotationId, username, at } of started) {
        const drains = await t.reached(rotationId, 'draining', 'completed')
        if (Date.parse(drains.graceEndsAt ?? '') > Date.now()) await t.endGrace(rotationId)
        const done = await t.reached(rotationId, 'completed')
        const names = t.gitea.tokens(username).map(({ name }) => name)
        expect(names.sort(), at).toEqual(['not ours', done.newRemoteName].sort())
        expect(await t.read(id), at).toMatchObject({ version: 2, state: 'active', remoteName: done.newRemoteName })
        if (done.handOver.type === 'claim')
          expect(t.gitea.tokens(username).map(({ value }) => value)).toContain(await t.claim(rotationId))
      }
    } finally {
      await next.stop()
    }
  })
})

/** Asks for a rotation, and waits until its worker stands where it is to be killed. */
async function begin(one: Case) {
  const { id, username, path } = await prepare(one)
  const seen = () => t.gitea.requests.length
  const before = seen()
  const { fault, lock } = one
  const target = fault?.verify ? /\/api\/v1\/token$/ : path
  const match = { ...(fault && { method: fault.method }), path: target }
  if (fault) t.gitea.inject(fault.fault, match)
  const rotationId = await t.request(id, one.body)
  if (one.hook) await expect.poll(hookCalls).toHaveLength(1)
  else
    await expect
      .poll(() =>
        t.gitea.requests.slice(before).some((request) => request.method === fault?.method && target.test(request.path)),
      )
      .toBe(true)
  const held: RowLock | undefined = lock ? await holdRow(t.stores.databaseUrl, 'gitea_tokens', id) : undefined
  await held?.waited()
  return { id, username, rotationId, at: one.at, lock: held }
}

function hookCalls(): string[] {
  try {
    return readFileSync(calls, 'utf8').trim().split('\n')
  } catch {
    return []
  }
}

it('gave the hook that was killed the same successor again, by the same rotation', () => {
  const notes = hookCalls().map((line) =>
    z.looseObject({ rotationId: z.string(), key: z.string() }).parse(JSON.parse(line)),
  )
  expect(notes).toHaveLength(2)
  expect(notes[0]).toEqual(notes[1])
})
