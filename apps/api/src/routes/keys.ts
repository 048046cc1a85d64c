import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { addClaimSuccessor } from './keys/claim.ts'
import { addCreateKey } from './keys/create.ts'
import { addGetKey } from './keys/get.ts'
import { addListKeys } from './keys/list.ts'
import { addRevokeKey } from './keys/revoke.ts'
import { addRotateKey } from './keys/rotate.ts'
import { addUpdateKey } from './keys/update.ts'

/** Keys: make, list, read, change, revoke, rotate, and claim successors. */
export function createKeysRoutes(services: Services): Router {
  const router = createRouter()
  addCreateKey(router, services)
  addListKeys(router, services)
  addGetKey(router, services)
  addUpdateKey(router, services)
  addRevokeKey(router, services)
  addRotateKey(router, services)
  addClaimSuccessor(router, services)
  return router
}
