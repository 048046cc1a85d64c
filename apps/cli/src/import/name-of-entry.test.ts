import type { AccessLogEntry } from '@momentry/shared/access-log/parse.ts'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { expect, it } from 'vitest'
import { nameOfEntry } from './name-of-entry.ts'

const { secret } = makeSecret('service')
const entry: AccessLogEntry = {
  ...{ host: 'h', ip: undefined, at: 0, method: 'GET', status: 200 },
  ...{ path: `/${secret}/x`, userAgent: `agent ${secret}` },
}

it.each([
  ['path-prefix', '/mty_[redacted]'],
  ['user-agent', 'agent mty_[redacted]'],
  ['host', 'h'],
] as const)('keeps a secret that was sent in the open out of a name by %s', (keyBy, name) => {
  expect(nameOfEntry(entry, keyBy)).toBe(name)
})
