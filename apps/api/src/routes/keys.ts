import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { addKeyActivity } from './keys/activity.ts'
import { addClaimSuccessor } from './keys/claim.ts'
import { addCreateKey } from './keys/create.ts'
import { addGetKey } from './keys/get.ts'
import { addImportKeys } from './keys/import.ts'
import { addKeyLimits } from './keys/limits.ts'
import { addListKeys } from './keys/list.ts'
import { addRevokeKey } from './keys/revoke.ts'
import { addRotateKey } from './keys/rotate.ts'
import { addSummarizeKeys } from './keys/summary.ts'
import { addUpdateKey } from './keys/update.ts'
import { addKeyVersions } from './keys/versions.ts'

/** Keys: make, import, list, read, change, revoke, rotate, and claim successors, and look at limits, activity and versions. */
export function createKeysRoutes(services: Services): Router {
  const router = createRouter()
  addCreateKey(router, services)
  addImportKeys(router, services)
  addListKeys(router, services)
  // Before a key is read: its path would else be read as the id of one.
  addSummarizeKeys(router, services)
  addGetKey(router, services)
  addUpdateKey(router, services)
  addRevokeKey(router, services)
  addRotateKey(router, services)
  addKeyLimits(router, services)
  addKeyActivity(router, services)
  addKeyVersions(router, services)
  addClaimSuccessor(router, services)
  return router
}
