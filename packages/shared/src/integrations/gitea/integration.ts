import { createRemoteHttp } from '../http/remote-http.ts'
import type { Integration, IntegrationOptions } from '../integration.ts'
import { openAccess } from './access.ts'
import { createToken } from './create.ts'
import { deleteToken } from './delete.ts'
import { listTokens } from './list.ts'
import { findScopeProblems } from './scopes.ts'
import { giteaTokens } from './table.ts'
import { verifyToken } from './verify.ts'

/** Personal access tokens of Gitea, 1.20 to 1.27 (docs/gitea.md). */
export function createGitea({ server, ca, proxy, timeoutMs }: IntegrationOptions): Integration {
  const title = 'Gitea'
  const http = createRemoteHttp({ title, server, ca, proxy, timeoutMs })
  return {
    system: 'gitea',
    title,
    collection: 'tokens',
    server,
    // Neither its API nor its model has an expiry. A name is a column of 255 characters.
    capabilities: { expires: false, actsForOthers: true, maxNameLength: 255 },
    table: giteaTokens,
    open(given) {
      const access = openAccess(http, given)
      return {
        owner: access.owner,
        checkScopes: async (scopes) => findScopeProblems(scopes),
        create: (input) => createToken(access, input),
        list: () => listTokens(access),
        delete: (remoteId) => deleteToken(access, remoteId),
        // It has no sessions.
        close: async () => undefined,
      }
    },
    verify: (secret) => verifyToken(http, secret),
    close: () => http.close(),
  }
}
