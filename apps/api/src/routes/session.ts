import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { addLookAtSession } from './session/look.ts'
import { addSignIn } from './session/sign-in.ts'
import { addSignOut } from './session/sign-out.ts'

/** Sessions of the console: sign in, look, and sign out. */
export function createSessionRoutes(services: Services): Router {
  const router = createRouter()
  addSignIn(router, services)
  addLookAtSession(router, services)
  addSignOut(router, services)
  return router
}
