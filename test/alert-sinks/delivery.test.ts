import { readBacklog } from '@momentry/shared/alert-sinks/delivery/backlog.ts'
import { claimDeliveries } from '@momentry/shared/alert-sinks/delivery/claim.ts'
import { pruneDeliveries } from '@momentry/shared/alert-sinks/delivery/prune.ts'
import { redeliver } from '@momentry/shared/alert-sinks/delivery/redeliver.ts'
import { finishDelivery } from '@momentry/shared/alert-sinks/delivery/settle.ts'
import { findSink } from '@momentry/shared/alert-sinks/find.ts'
import { removeSink } from '@momentry/shared/alert-sinks/remove.ts'
import { rotateSinkSecret } from '@momentry/shared/alert-sinks/rotate-secret.ts'
import { updateSink } from '@momentry/shared/alert-sinks/update.ts'
import { resealAll } from '@momentry/shared/master-key/reseal.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPostOffice, type PostOffice } from './post-office.ts'
import { anomalyAlert } from './senders/messages.ts'

let t: PostOffice
const sinkIds: string[] = []
beforeAll(async () => {
  t = await openPostOffice()
})
afterEach(async () => {
  t.receiver.clearFaults()
  for (const id of sinkIds.splice(0)) await removeSink(t.context, id)
})
afterAll(() => t.close())

async function addSink(change?: object) {
  const sink = await t.addSink(change)
  sinkIds.push(sink.id)
  return sink
}
const critical = () => anomalyAlert({ severity: 'critical' })
const seal = () => createSeal([t.masterKey])
/** What came since the test began. */
function watch() {
  const before = t.receiver.requests.length
  return () => t.receiver.requests.slice(before)
}

describe('a message', () => {
  it('is signed, and is the alert itself', async () => {
    const { secret = '' } = await addSink()
    const received = watch()
    const alert = anomalyAlert()
    await t.tell(alert)
    expect(await t.send()).toEqual([{ kind: 'webhook', outcome: 'delivered' }])
    const [request] = received()
    const headers = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, `${request?.headers[name]}`]),
    )
    // The clock of the test is not the verifier's.
    const now = Number(headers['webhook-timestamp']) * 1000
    expect(headers['webhook-signature']).toBe(
      new Webhook(secret).sign(`${headers['webhook-id']}`, new Date(now), request?.body ?? ''),
    )
    expect(JSON.parse(request?.body ?? '')).toEqual(alert)
  })

  it('is tried again by the same id, and holds back those after it for a while', async () => {
    const { id } = await addSink()
    const received = watch()
    t.receiver.inject({ kind: 'status', status: 503 })
    const [first, second] = [anomalyAlert(), anomalyAlert()]
    await t.tell(first)
    await t.tell(second)
    expect(await t.send()).toMatchObject([{ outcome: 'retried', error: 'it answered with 503' }])
    expect(await t.deliveries(id)).toMatchObject([
      { state: 'waiting', attempts: 1, lastStatus: 503, lastError: 'it answered with 503' },
      { state: 'waiting', attempts: 0 },
    ])
    t.pass(4)
    expect(await t.send()).toEqual([])
    expect(await readBacklog(t.context.db, t.context.now())).toEqual({ waiting: 2, oldestSeconds: 4 })
    t.pass(2)
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }, { outcome: 'delivered' }])
    expect(await readBacklog(t.context.db, t.context.now())).toEqual({ waiting: 0, oldestSeconds: 0 })
    expect(received().map(({ body }) => JSON.parse(body).data.id)).toEqual([
      first.data.id,
      first.data.id,
      second.data.id,
    ])
    expect(new Set(received().map(({ headers }) => headers['webhook-id'])).size).toBe(2)
  })

  it('waits as long as its receiver asks', async () => {
    await addSink()
    t.receiver.inject({ kind: 'status', status: 429, headers: { 'retry-after': '90' } })
    await t.tell(anomalyAlert())
    expect(await t.send()).toMatchObject([{ outcome: 'retried' }])
    t.pass(80)
    expect(await t.send()).toEqual([])
    t.pass(11)
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }])
  })

  it('that is always refused is passed by others after a while, and given up after a day', async () => {
    const { id } = await addSink()
    const refused = anomalyAlert()
    t.receiver.inject({ kind: 'status', status: 400 }, { times: 4 })
    await t.tell(refused)
    await t.tell(anomalyAlert())
    for (const wait of [0, 6, 31, 121]) {
      t.pass(wait)
      expect(await t.send()).toMatchObject([{ outcome: 'retried' }])
    }
    t.pass(601)
    t.receiver.inject({ kind: 'status', status: 400 })
    expect(await t.send()).toMatchObject([{ outcome: 'retried' }, { outcome: 'delivered' }])
    t.receiver.inject({ kind: 'status', status: 400 }, { times: 20 })
    const outcomes: string[] = []
    for (let hour = 0; hour < 30 && outcomes.at(-1) !== 'failed'; hour += 1) {
      t.pass(3600)
      outcomes.push(...(await t.send()).map(({ outcome }) => outcome))
    }
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'retried'), 'failed'])
    expect((await t.deliveries(id))[0]).toMatchObject({ state: 'failed', attempts: 11, lastStatus: 400 })
  })

  it('is sent anew, by the same id, when an operator wants that', async () => {
    const { id } = await addSink()
    const received = watch()
    await t.tell(anomalyAlert())
    await t.send()
    const [delivery] = await t.deliveries(id)
    expect(await redeliver(t.context, delivery?.id ?? '')).toMatchObject({ state: 'waiting', attempts: 0, alerts: 1 })
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }])
    expect(received().map(({ headers }) => headers['webhook-id'])).toEqual([delivery?.id, delivery?.id])
  })

  it('is given back where its sending is cut, and sent again by the same id', async () => {
    const { id } = await addSink()
    const received = watch()
    t.receiver.inject({ kind: 'hang' })
    await t.tell(anomalyAlert())
    const stop = new AbortController()
    const sending = t.send(stop.signal)
    await expect.poll(() => received().length).toBe(1)
    stop.abort()
    expect(await sending).toMatchObject([{ outcome: 'cut' }])
    expect(await t.deliveries(id)).toMatchObject([{ state: 'waiting', attempts: 0, leasedUntil: null }])
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }])
    expect(new Set(received().map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })
})

describe('a receiver that is gone (410)', () => {
  it('disables its sink, until an operator lets it go on', async () => {
    const { id } = await addSink()
    t.receiver.inject({ kind: 'status', status: 410 })
    await t.tell(anomalyAlert())
    await t.tell(anomalyAlert())
    expect(await t.send()).toMatchObject([{ outcome: 'disabled' }])
    expect(await findSink(t.context.db, id)).toMatchObject({ state: 'disabled', stateReason: /gone.*410/ })
    const given = await t.deliveries(id)
    expect(given).toMatchObject([{ state: 'failed' }, { state: 'failed', attempts: 0 }])
    await t.tell(anomalyAlert())
    expect(await t.deliveries(id)).toHaveLength(2)
    const again = () => redeliver(t.context, given[0]?.id ?? '')
    await expect(again()).rejects.toMatchObject({ code: 'CONFLICT' })
    await updateSink(t.context, { seal: seal() }, id, { state: 'active' })
    await again()
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }])
    const { rows } = await t.bench.postgres.pool.query(
      "SELECT actor_key_id FROM api_key_audit_log WHERE action = 'sink.disabled'",
    )
    expect(rows).toEqual([{ actor_key_id: null }])
  })
})

describe('several alerters', () => {
  it('claim each message once, and never two of one sink', async () => {
    const sinks = await Promise.all(Array.from({ length: 6 }, () => addSink()))
    for (let n = 0; n < 4; n += 1) await t.tell(anomalyAlert())
    const at = new Date(t.context.now())
    const claimed = (await Promise.all(Array.from({ length: 4 }, () => claimDeliveries(t.context.db, 4, at)))).flat()
    expect(new Set(claimed.map(({ sinkId }) => sinkId)).size).toBe(claimed.length)
    claimed.push(...(await claimDeliveries(t.context.db, 100, at)))
    expect(claimed.map(({ sinkId }) => sinkId).toSorted()).toEqual(sinks.map(({ id }) => id).toSorted())
    expect(await claimDeliveries(t.context.db, 100, at)).toEqual([])
  })

  it('take over what a dead one had, and do not listen to it any more', async () => {
    const { id } = await addSink()
    await t.tell(anomalyAlert())
    const [dead] = await claimDeliveries(t.context.db, 8, new Date(t.context.now()))
    if (!dead) throw new Error('nothing was claimed')
    t.pass(59)
    expect(await t.send()).toEqual([])
    t.pass(2)
    const [heir] = await claimDeliveries(t.context.db, 8, new Date(t.context.now()))
    expect(heir).toMatchObject({ id: dead.id, attempts: 2 })
    await finishDelivery(t.context.db, dead, 'failed', { status: undefined, error: 'late' }, new Date(t.context.now()))
    expect(await t.deliveries(id)).toMatchObject([{ state: 'waiting', lastError: null }])
  })
})

describe('secrets', () => {
  it('sign both until the overlap ends', async () => {
    const { id, secret: old = '' } = await addSink()
    const received = watch()
    const { secret = '' } = await rotateSinkSecret(t.context, { seal: seal() }, id, { overlapSeconds: 600 })
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await t.tell(critical())
    await t.send()
    t.pass(601)
    await t.tell(critical())
    await t.send()
    const signed = received().map(({ headers, body }) => {
      const at = new Date(Number(headers['webhook-timestamp']) * 1000)
      const by = (one: string) => new Webhook(one).sign(`${headers['webhook-id']}`, at, body)
      const signatures = `${headers['webhook-signature']}`.split(' ')
      return { old: signatures.includes(by(old)), new: signatures.includes(by(secret)), signatures: signatures.length }
    })
    expect(signed).toEqual([
      { old: true, new: true, signatures: 2 },
      { old: false, new: true, signatures: 1 },
    ])
  })

  it('are sealed, and sealed anew under another master key', async () => {
    const slack = await addSink({ target: { kind: 'slack', url: `${t.receiver.url}/services/quite-secret` } })
    const hook = await addSink()
    await rotateSinkSecret(t.context, { seal: seal() }, hook.id, { overlapSeconds: 600 })
    const stored = JSON.stringify([await findSink(t.context.db, slack.id), await findSink(t.context.db, hook.id)])
    expect(stored).not.toMatch(/quite-secret|whsec_/)
    const next = Buffer.alloc(32, 7).toString('base64')
    expect(await resealAll(t.context.db, createSeal([next, t.masterKey]))).toEqual({ resealed: 3, unreadable: 0 })
    await t.tell(anomalyAlert())
    expect((await t.send()).map(({ outcome, error }) => [outcome, error])).toEqual(
      Array.from({ length: 2 }, () => ['retried', expect.stringContaining('cannot be opened')]),
    )
    expect(await resealAll(t.context.db, createSeal([t.masterKey, next]))).toEqual({ resealed: 3, unreadable: 0 })
    t.pass(6)
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }, { outcome: 'delivered' }])
  })
})

it('removes what is over after 30 days, and nothing that waits', async () => {
  const { id } = await addSink()
  await t.tell(anomalyAlert())
  await t.send()
  t.receiver.inject({ kind: 'status', status: 500 })
  await t.tell(anomalyAlert())
  await t.send()
  expect(await pruneDeliveries(t.context.db, t.context.now() + 29 * 86_400_000)).toBe(0)
  await pruneDeliveries(t.context.db, t.context.now() + 31 * 86_400_000)
  expect(await t.deliveries(id)).toMatchObject([{ state: 'waiting' }])
})
