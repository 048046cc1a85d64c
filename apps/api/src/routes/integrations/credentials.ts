import type { System } from '@momentry/shared/integrations/systems.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { addCreateCredential } from './credentials/create.ts'
import { addDeleteCredential } from './credentials/delete.ts'
import { addReadCredentials } from './credentials/look.ts'
import { addReconcileCredentials } from './credentials/reconcile.ts'
import { addRotateCredential } from './credentials/rotate.ts'
import { addUpdateCredential } from './credentials/update.ts'
import { addVerifyCredential } from './credentials/verify.ts'
import { wordsOf } from './credentials/words.ts'

/** The routes of one system's credentials. */
export function createCredentialRoutes(services: Services, system: System): Router {
  const router = createRouter()
  const words = wordsOf(services, system)
  // Comparing and asking come before what is about one credential: their paths would else be read as its id.
  addReconcileCredentials(router, services, words)
  addVerifyCredential(router, services, words)
  addCreateCredential(router, services, words)
  addReadCredentials(router, services, words)
  addUpdateCredential(router, services, words)
  addDeleteCredential(router, services, words)
  addRotateCredential(router, services, words)
  return router
}
