import { MomentryClientError } from '../errors.ts'
import { tell } from '../tell.ts'
import { readAddress } from '../validation/address.ts'
import { limitHeaders } from '../validation/limits.ts'
import type { Superseded, ValidVerdict } from '../validation/verdict.ts'
import type { Admission, KeyCheckOptions, Refusal } from './options.ts'
import { refuseInvalid, refuseNameless, refuseUnknown } from './refuse.ts'

/** A request, as the check needs it. */
export interface Arrival {
  /** Of the header that `headerName` names. */
  header: string | undefined
  ip: string | undefined
}

export type Decision = ({ allowed: true } & Admission) | ({ allowed: false } & Refusal)

export interface KeyCheck {
  /** The header to read, in lower case. */
  headerName: string
  /** Decides on a request, and reports it where it is refused. Never throws. */
  decide(arrival: Arrival): Promise<Decision>
  /** Reports a request that was let in. @param startedAt by `performance.now()` */
  report(admission: Admission, outcome: { status: number; ip: string | undefined; startedAt: number }): void
}

/** Makes what all frameworks' middleware have in common. @throws TypeError for a realm or header that cannot be */
export function createKeyCheck(options: KeyCheckOptions): KeyCheck {
  const { client, usage, scopes, scopeExpression, header, realm = 'api', onUnavailable = 'refuse', onError } = options
  if (/[^\x20-\x7e]|["\\]/.test(realm)) throw new TypeError('realm must be printable ASCII without quotes')
  if (header !== undefined && !/^[\w-]+$/.test(header)) throw new TypeError('header must be the name of a header')

  const report = (keyId: string | undefined, status: number, ip: string | undefined, startedAt: number) => {
    if (keyId === undefined) return
    const latencyMs = Math.round((performance.now() - startedAt) * 1000) / 1000
    usage?.report({ keyId, status, ip: readAddress(ip), latencyMs })
  }

  const decide = async ({ header: value, ip }: Arrival): Promise<Decision> => {
    const startedAt = performance.now()
    const secret = header === undefined ? /^Bearer +(\S+) *$/i.exec(value ?? '')?.[1] : value
    if (!secret) return { allowed: false, ...refuseNameless(options) }
    const needs = { scopes, scopeExpression }
    const verdict = await client.validate(secret, { clientIp: ip, ...needs, recordUsage: usage === undefined })
    if (verdict.valid) return { allowed: true, verdict, headers: headersOf(verdict) }
    const refusal = refuseInvalid(verdict, options)
    report(verdict.keyId, refusal.status, ip, startedAt)
    return { allowed: false, ...refusal }
  }

  return {
    headerName: header?.toLowerCase() ?? 'authorization',
    decide: (arrival) =>
      decide(arrival).catch((error: unknown): Decision => {
        tell(onError, error)
        if (onUnavailable === 'allow' && isAway(error)) return { allowed: true, verdict: undefined, headers: {} }
        return { allowed: false, ...refuseUnknown(error) }
      }),
    report: ({ verdict }, { status, ip, startedAt }) => report(verdict?.keyId, status, ip, startedAt),
  }
}

/** Not so where Momentry answered and refused: a service whose own key was revoked must not let everyone in. */
function isAway(error: unknown): boolean {
  return error instanceof MomentryClientError && (error.kind === 'unavailable' || error.kind === 'timeout')
}

function headersOf({ rotation, limits }: ValidVerdict): Record<string, string> {
  return { ...deprecationHeaders(rotation), ...limitHeaders(limits) }
}

/** RFC 9745 and RFC 8594: tells a holder that its secret has a successor, and until when it goes on to work. */
function deprecationHeaders(rotation: Superseded | undefined): Record<string, string> {
  if (!rotation) return {}
  const since = rotation.supersededAt === undefined ? Date.now() : Date.parse(rotation.supersededAt)
  return {
    deprecation: `@${Math.floor(since / 1000)}`,
    sunset: new Date(rotation.graceEndsAt).toUTCString(),
  }
}
