import type { Request } from 'autocannon'
import type { LoadKey } from './keys.ts'
import type { LoadOptions } from './options.ts'

/** Uses that one report tells of where the load is reports alone. */
const eventsPerReport = 10
/** Validations to a report in a mixed load, which tells of their uses. */
const validationsPerReport = 9

/** Gives the requests of a load, as each connection sends them in turn. */
export function makeRequests(mode: LoadOptions['mode'], keys: readonly LoadKey[], authorization: string): Request[] {
  const headers = { 'content-type': 'application/json', authorization }
  const post = (path: string, body: unknown): Request => ({ method: 'POST', path, headers, body: JSON.stringify(body) })
  const report = (keyId: string, count: number) => {
    const event = { keyId, status: 200, method: 'GET', path: '/loadtest', latencyMs: 12 }
    return post('/v1/usage', { events: Array.from({ length: count }, () => event) })
  }
  const validate = ({ key }: LoadKey, recordUsage: boolean) => post('/v1/keys/validate', { key, recordUsage })
  switch (mode) {
    case 'validate':
      return keys.map((key) => validate(key, true))
    case 'usage':
      return keys.map(({ id }) => report(id, eventsPerReport))
    case 'mixed':
      return keys.flatMap((key) => [
        ...Array.from({ length: validationsPerReport }, () => validate(key, false)),
        report(key.id, validationsPerReport),
      ])
  }
}
