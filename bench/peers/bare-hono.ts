import { serve } from '@hono/node-server'
import { Hono } from 'hono'

/** The least that a server of Hono can be: one route. What it takes to start is what the frameworks alone take. */
const app = new Hono()
app.get('/', (c) => c.text('ok'))
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` })
})
process.once('SIGTERM', () => process.exit(0))
