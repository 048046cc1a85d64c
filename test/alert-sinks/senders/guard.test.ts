import { afterEach, describe, expect, it } from 'vitest'
import { startProxy } from '../../support/remote/proxy.ts'
import { messageTo, noSignal, testSenders, webhookSecret } from './messages.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

const secrets = { secret: webhookSecret('n') }
const to = (url: string) => messageTo({ kind: 'webhook', url }, undefined, { secrets })
const refused = { ok: false, error: expect.stringContaining('is not on the open Internet') }

async function begin(change: Parameters<typeof testSenders>[0] | ((receiver: Receiver) => object) = {}) {
  const receiver = await startReceiver()
  const senders = testSenders(typeof change === 'function' ? change(receiver) : change)
  open.push(senders, receiver)
  return { receiver, send: (url: string) => senders.webhook.send(to(url), noSignal()) }
}

describe('the guard', () => {
  it('reaches nothing on this machine, however it is written', async () => {
    const { receiver, send } = await begin()
    const hosts = [
      ...['localhost', 'LOCALHOST', '127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0'],
      ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[::127.0.0.1]', '127.0.0.1.'],
      ...['10.0.0.1', '169.254.169.254', '[fd00::1]', '[fe80::1]', '0x7f.1', '①②⑦.0.0.1'],
    ]
    for (const host of hosts) expect(await send(`http://${host}:${receiver.port}/`), host).toMatchObject(refused)
    // What it leads to is for the resolver to say; some know no such name.
    expect(await send(`http://localhost.:${receiver.port}/`)).toMatchObject({ ok: false })
    expect(await send(`https://127.0.0.1:${receiver.port}/`)).toMatchObject(refused)
    expect(receiver.connections()).toBe(0)
  })

  it('does not say what a name within leads to', async () => {
    const { send } = await begin({ resolve: async () => [{ address: '10.11.12.13', family: 4 }] })
    const sent = await send('http://secret.internal:8080/')
    expect(sent).toEqual({
      ok: false,
      error: 'secret.internal is not on the open Internet, and ALERT_SINK_HOSTS does not hold it',
    })
  })

  it('refuses a name of which one address of several is private', async () => {
    const { receiver, send } = await begin({
      resolve: async () => [
        { address: '93.184.215.14', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    })
    expect(await send(`http://mixed.example:${receiver.port}/`)).toMatchObject(refused)
    expect(receiver.connections()).toBe(0)
  })

  it('connects to the address that it looked at, also where the name leads elsewhere a moment later', async () => {
    // 127.0.0.2 plays an address of the open Internet.
    const answers = ['127.0.0.2', '127.0.0.1', '127.0.0.1']
    const asked: string[] = []
    const { receiver, send } = await begin({
      isPublic: (address) => address === '127.0.0.2',
      resolve: async (hostname) => {
        asked.push(hostname)
        return [{ address: answers.shift() ?? '', family: 4 }]
      },
    })
    const url = `http://rebinding.example:${receiver.port}/`
    expect(await send(url)).toEqual({ ok: true, status: 204 })
    expect(asked).toEqual(['rebinding.example'])
    expect(receiver.received[0]).toMatchObject({ localAddress: '127.0.0.2' })
    // The connection that was made is kept a little; what comes once it is gone looks anew, and is refused.
    await receiver.close()
    open.pop()
    expect(await send(url)).toMatchObject(refused)
  })

  it('lets an operator name hosts, by their ports', async () => {
    const { receiver, send } = await begin(({ port }) => ({ hosts: [`localhost:${port}`] }))
    expect(await send(`http://localhost:${receiver.port}/`)).toEqual({ ok: true, status: 204 })
    expect(await send(`http://127.0.0.1:${receiver.port}/`)).toMatchObject(refused)
  })

  it('uses a proxy for hosts that are named, and for nothing else', async () => {
    const proxy = await startProxy()
    open.push(proxy)
    const { receiver, send } = await begin(({ host }) => ({ hosts: [host], proxy: { http: proxy.url } }))
    expect(await send(receiver.url)).toEqual({ ok: true, status: 204 })
    expect(await send(`http://localhost:${receiver.port}/`)).toMatchObject(refused)
    expect(receiver.received).toHaveLength(1)
  })
})
