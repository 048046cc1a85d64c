import { createServer } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { watchAlerts } from './alert-stream.ts'
import type { Alert } from './shapes.ts'

const data = {
  ...{ id: '6f1c7a52-91aa-5d0a-9a43-0c2f64f7be11', keyId: '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a', keyName: 'k' },
  ...{ rule: 'multiple_ips', severity: 'high', observed: 6, threshold: 5, explanation: 'x' },
  window: { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T01:00:00.000Z' },
}
const alert = { type: 'anomaly.detected', timestamp: '2026-01-01T01:00:00.000Z', data }

function event(id: string, name: string, payload: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(payload)}\n\n`
}

let close: (() => void) | undefined
afterEach(() => close?.())

/** Serves a stream per connection, in turn, or a refusal by its status; with 401 once there is none left. */
async function serve(streams: readonly (string | number)[]) {
  const lastEventIds: (string | undefined)[] = []
  const server = createServer((request, response) => {
    const stream = streams[lastEventIds.length]
    lastEventIds.push(String(request.headers['last-event-id']))
    if (stream === undefined) {
      response.writeHead(401).end('{"code":"UNAUTHENTICATED"}')
      return
    }
    if (typeof stream === 'number') {
      response.writeHead(stream, { 'retry-after': '0' }).end('{}')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(stream)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  close = () => server.close()
  const address = server.address()
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return { lastEventIds, baseUrl }
}

describe('watchAlerts', () => {
  it('gives alerts, passes over the rest, and takes the stream up again after the last one', async () => {
    const first = `: hello\n\n${event('1', 'alert', alert)}${event('2', 'heartbeat', {})}${event('3', 'alert', 'no alert')}`
    const { baseUrl, lastEventIds } = await serve([first, event('4', 'alert', alert)])
    const seen: Alert[] = []
    const signal = new AbortController().signal
    const watching = watchAlerts({
      ...{ baseUrl, key: 'k', signal },
      onAlert: (each) => seen.push(each),
      onState: () => undefined,
    })
    await expect(watching).rejects.toMatchObject({ exitCode: 4 })
    expect(seen).toEqual([alert, alert])
    expect(lastEventIds).toEqual(['undefined', '3', '4'])
  })

  it('begins after the number that it is told, and waits out what is only for now once it was let in', async () => {
    const { baseUrl, lastEventIds } = await serve([
      event('8', 'alert', alert),
      503,
      429,
      500,
      event('9', 'alert', alert),
    ])
    const ids: string[] = []
    const watching = watchAlerts({
      ...{ baseUrl, key: 'k', since: 7, signal: new AbortController().signal },
      onAlert: (_, id) => ids.push(id),
      onState: () => undefined,
    })
    await expect(watching).rejects.toMatchObject({ exitCode: 4 })
    expect(ids).toEqual(['8', '9'])
    expect(lastEventIds).toEqual(['7', '8', '8', '8', '8', '9'])
  })

  it('ends without a failure when it is told to', async () => {
    const { baseUrl } = await serve([event('1', 'alert', alert)])
    const abort = new AbortController()
    await watchAlerts({
      ...{ baseUrl, key: undefined, signal: abort.signal },
      onAlert: () => abort.abort(),
      onState: () => undefined,
    })
    expect(abort.signal.aborted).toBe(true)
  })
})
