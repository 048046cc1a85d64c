import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { z } from '@hono/zod-openapi'
import { secureHeaders } from 'hono/secure-headers'
import { declareRoute } from '../../http/declare-route.ts'
import { createRouter, type Router } from '../../http/router.ts'
import { describeApi } from './openapi.ts'

const { resolve } = createRequire(import.meta.url)

const files = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true })\n`

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Momentry API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

const documentRoute = declareRoute(
  { scope: 'none' },
  {
    method: 'get',
    path: '/openapi.json',
    tags: ['operation'],
    operationId: 'getOpenApi',
    summary: 'This document',
    responses: {
      200: {
        description: 'OpenAPI 3.1',
        content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
      },
    },
  },
)

const pageRoute = declareRoute(
  { scope: 'none' },
  {
    method: 'get',
    path: '/docs',
    tags: ['operation'],
    operationId: 'getDocs',
    summary: 'This document as a page',
    responses: { 200: { description: 'A page', content: { 'text/html': { schema: z.string() } } } },
  },
)

/** The API's description, and Swagger UI on it; every file comes from this process, so that it works without internet. */
export function createDocsRoutes(app: Router): Router {
  const router = createRouter()
  const describe = describeApi(app)
  router.openAPIRegistry.registerPath(documentRoute)
  router.get(documentRoute.path, (c) => c.json(describe()))
  router.use(
    '/docs/*',
    secureHeaders({
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Swagger UI sets styles on elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
  )
  router.openapi(pageRoute, (c) => c.html(page))
  router.get('/docs/start.js', (c) => c.text(start, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
  for (const [name, type] of Object.entries(files)) {
    const path = resolve(`swagger-ui-dist/${name}`)
    router.get(`/docs/${name}`, async (c) => c.body(await readFile(path), 200, { 'content-type': type }))
  }
  return router
}
