import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { addClaimSuccessor } from './keys/claim.ts'
import { addCreateKey } from './keys/create.ts'
import { addGetKey } from './keys/get.ts'
import { addImportKeys } from './keys/import.ts'
import { addKeyLimits } from './keys/limits.ts'
import { addListKeys } from './keys/list.ts'
import { addRevokeKey } from './keys/revoke.ts'
import { addRotateKey } from './keys/rotate.ts'
import { addUpdateKey } from './keys/update.ts'

/** Keys: make, import, list, read, change, revoke, rotate, and claim successors, and look at limits. */
export function createKeysRoutes(services: Services): Router {
  const router = createRouter()
  addCreateKey(router, services)
  addImportKeys(router, services)
  addListKeys(router, services)
  addGetKey(router, services)
  addUpdateKey(router, services)
  addRevokeKey(router, services)
  addRotateKey(router, services)
  addKeyLimits(router, services)
  addClaimSuccessor(router, services)
  return router
}
