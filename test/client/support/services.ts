import { once } from 'node:events'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { requireKey as requireKeyExpress } from '@momentry/client/middleware/express.ts'
import { type KeyCheckedRequest, requireKey as requireKeyFastify } from '@momentry/client/middleware/fastify.ts'
import { type KeyCheckEnv, requireKey as requireKeyHono } from '@momentry/client/middleware/hono.ts'
import type { KeyCheckOptions } from '@momentry/client/middleware/options.ts'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'

declare module 'fastify' {
  interface FastifyRequest extends KeyCheckedRequest {}
}

export interface Service {
  url: string
  close(): Promise<void>
}

/** Starts a service: `/hello` tells whose key it was, `/teapot` is answered 418, and both need a good key. */
export type StartService = (options: KeyCheckOptions) => Promise<Service>

export const startHono: StartService = async (options) => {
  const app = new Hono<KeyCheckEnv>()
  app.use('*', requireKeyHono(options))
  app.get('/hello', (c) => c.json({ keyId: c.var.momentry?.keyId ?? null }))
  app.get('/teapot', (c) => c.text('short and stout', 418))
  app.get('/broken', () => {
    throw new Error('broken')
  })
  app.onError((_, c) => c.text('broken', 500))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return serviceOf(server)
}

const startExpress: StartService = async (options) => {
  const app = express()
  app.use(requireKeyExpress(options))
  app.get('/hello', (_, res) => {
    res.json({ keyId: res.locals['momentry']?.keyId ?? null })
  })
  app.get('/teapot', (_, res) => {
    res.status(418).send('short and stout')
  })
  app.get('/broken', (_, res) => {
    res.status(500).send('broken')
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return serviceOf(server)
}

const startFastify: StartService = async (options) => {
  const app = fastify()
  await app.register(requireKeyFastify(options))
  app.get('/hello', async (request) => ({ keyId: request.momentry?.keyId ?? null }))
  app.get('/teapot', async (_, reply) => reply.code(418).send('short and stout'))
  app.get('/broken', async () => {
    throw new Error('broken')
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

function serviceOf(server: Pick<Server, 'address'> & { close(done: () => void): unknown }): Service {
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export const frameworks: readonly [name: string, start: StartService][] = [
  ['hono', startHono],
  ['express', startExpress],
  ['fastify', startFastify],
]
