import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { fileKey, type Manifest, masterKeyId, readManifest, writeManifest } from './manifest.ts'

const [masterKey, other] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
const manifest: Manifest = {
  // In another order than the text has.
  sequences: [{ name: 'api_key_changes_id_seq', isCalled: true, lastValue: '12' }],
  salt: randomBytes(32).toString('hex'),
  keyId: masterKeyId(masterKey),
  ...{ format: 2, number: 12, id: '019a2b3c-0000-7000-8000-00000000000e', schemaVersion: 6 },
  ...{ createdAt: '2026-01-06T02:00:00.000Z', parent: 11, reason: 'vor dem Üpgrade' },
  tables: [
    {
      ...{ name: 'api_key_audit_log', columns: ['seq', 'at'], primaryKey: ['seq', 'at'], rows: 3, bytes: 420 },
      partitions: [{ name: 'api_key_audit_log_20260105', bound: `FOR VALUES FROM ('2026-01-05') TO ('2026-01-06')` }],
      sha256: randomBytes(32).toString('hex'),
    },
  ],
}

it('a manifest is read as it was written, under any of the master keys', () => {
  const text = writeManifest(manifest, masterKey)
  expect(readManifest(text, [other, masterKey])).toEqual(manifest)
  expect(() => readManifest(text, [other])).toThrow(`another master key (${masterKeyId(masterKey)})`)
})

it('shows a flipped bit anywhere, white space included', () => {
  const bytes = Buffer.from(writeManifest(manifest, masterKey))
  for (const at of bytes.keys()) {
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(Math.random() * 8))
    expect(() => readManifest(flipped.toString('utf8'), [masterKey]), `byte ${at}: ${flipped[at]}`).toThrow(/^it /)
  }
})

it.each([
  ['cut off', (text: string) => text.slice(0, -1)],
  ['longer', (text: string) => `${text} `],
  ['empty', () => ''],
  ['of another number', (text: string) => text.replace('"number": 12', '"number": 13')],
  ['with a name twice', (text: string) => text.replace('"number": 12', '"number": 13, "number": 12')],
  ['with something more', (text: string) => text.replace('{', '{"more": 1,')],
  ['nested without an end', () => '['.repeat(1_000_000)],
])('one that is %s is refused', (_, change) => {
  expect(() => readManifest(change(writeManifest(manifest, masterKey)), [masterKey])).toThrow(/^it /)
})

it('each file of each backup has a key of its own', () => {
  const salt = randomBytes(32).toString('hex')
  const keys = [
    fileKey(masterKey, manifest, 'api_keys'),
    fileKey(masterKey, manifest, 'jobs'),
    fileKey(masterKey, { ...manifest, salt }, 'api_keys'),
    fileKey(masterKey, { ...manifest, id: '019a2b3c-0000-7000-8000-00000000000f' }, 'api_keys'),
    fileKey(other, manifest, 'api_keys'),
  ]
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(keys.length)
})
