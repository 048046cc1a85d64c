import { methodNotAllowed } from 'hono/method-not-allowed'
import { secureHeaders } from 'hono/secure-headers'
import { createRouter, type Router } from '../http/router.ts'
import { authenticate } from '../middleware/authenticate.ts'
import { limitBody, refuseEncodedBody } from '../middleware/body.ts'
import { clientAddress } from '../middleware/client-address.ts'
import { observe } from '../middleware/observe.ts'
import { handleError, handleNotFound, handleWrongMethod } from '../middleware/problem.ts'
import { requestId } from '../middleware/request-id.ts'
import { traceRequests } from '../middleware/trace.ts'
import type { Services } from '../wiring/services.ts'

/** Makes an app of what each request goes through, whichever route answers it, and of no route yet. */
export function createLayers(services: Services): Router {
  const app = createRouter()
  // Whether a host speaks TLS alone is for whoever terminates it to promise.
  const headers = secureHeaders({ strictTransportSecurity: false })
  app.use(requestId())
  if (services.tracing.on) app.use(traceRequests(services.tracing))
  app.use(observe(services.tellRequest), headers, clientAddress(services.findAddress))
  app.use(methodNotAllowed({ app, onMethodNotAllowed: handleWrongMethod }))
  app.use(limitBody(), refuseEncodedBody(), authenticate(services))
  app.use('/v1/*', async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
  })
  app.onError(handleError(services))
  app.notFound(handleNotFound)
  return app
}
