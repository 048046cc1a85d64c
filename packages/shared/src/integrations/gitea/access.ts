import type { RemoteHttp } from '../http/remote-http.ts'
import type { Access } from '../integration.ts'
import { type GiteaCredentials, giteaCredentialsSchema } from './schemas.ts'

/** What the requests of one account are made of. */
export interface GiteaAccess {
  http: RemoteHttp
  /** User names are the same in any case: in lower case, so that one user is one text. */
  owner: string
  /** Whether the owner is the account itself. */
  own: boolean
  headers: Readonly<Record<string, string>>
  /** What no message may repeat, even if the server does. */
  hidden: readonly string[]
}

/** @throws ZodError where the credentials are not those of Gitea */
export function openAccess(http: RemoteHttp, access: Access): GiteaAccess {
  const credentials = giteaCredentialsSchema.parse(access.credentials)
  const account = credentials.username.toLowerCase()
  const owner = access.owner?.toLowerCase() ?? account
  return { http, owner, own: owner === account, ...authentication(credentials) }
}

/** Gitea reads Basic authentication as UTF-8 (RFC 7617, section 2.1). */
function authentication({ username, password, otp }: GiteaCredentials): Pick<GiteaAccess, 'headers' | 'hidden'> {
  const basic = Buffer.from(`${username}:${password}`, 'utf8').toString('base64')
  const authorization = `Basic ${basic}`
  if (otp === undefined) return { headers: { authorization }, hidden: [basic, password] }
  return { headers: { authorization, 'x-gitea-otp': otp }, hidden: [basic, password, otp] }
}

/** Where an owner's tokens are. */
export function tokensPath({ owner }: GiteaAccess): string {
  return `/api/v1/users/${encodeURIComponent(owner)}/tokens`
}
