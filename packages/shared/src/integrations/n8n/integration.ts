import { createRemoteHttp } from '../http/remote-http.ts'
import type { Integration, IntegrationOptions } from '../integration.ts'
import { openAccess } from './access.ts'
import { createKey } from './create.ts'
import { deleteKey } from './delete.ts'
import { listKeys } from './list.ts'
import { findScopeProblems } from './scopes.ts'
import { n8nApiKeys } from './table.ts'
import { verifyKey } from './verify.ts'

/** API keys of n8n, managed by the way of its own page: the public API cannot (docs/n8n.md). */
export function createN8n({ server, ca, proxy, timeoutMs, now }: IntegrationOptions): Integration {
  const title = 'n8n'
  const http = createRemoteHttp({ title, server, ca, proxy, timeoutMs })
  return {
    system: 'n8n',
    title,
    collection: 'keys',
    server,
    capabilities: { expires: true, actsForOthers: false, maxNameLength: 50 },
    table: n8nApiKeys,
    open(given) {
      const access = openAccess(http, now, given)
      return {
        owner: access.owner,
        checkScopes: (scopes) => findScopeProblems(access, scopes),
        create: (input) => createKey(access, input),
        list: () => listKeys(access),
        delete: (remoteId) => deleteKey(access, remoteId),
        async close() {
          if (access.isOneTime) await access.session.signOut()
        },
      }
    },
    verify: (secret) => verifyKey(http, secret),
    close: () => http.close(),
  }
}
