import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '../../audit/chain.ts'
import { deriveKey } from '../../platform/derive-key.ts'

/** Of anything in the database. */
const name = z.string().min(1).max(63)

const partitionSchema = z.strictObject({
  name,
  /** As Postgres tells it: `FOR VALUES FROM (…) TO (…)`, or `DEFAULT`. */
  bound: z.string().max(1000),
})

const tableSchema = z.strictObject({
  /** Plain, since its file is named by it. */
  name: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/),
  columns: z.array(name).min(1).max(2000),
  primaryKey: z.array(name).max(50),
  /** Of a table that is parted; made again before its rows are read. */
  partitions: z.array(partitionSchema).max(100_000),
  rows: z.int().min(0),
  /** Of its file. */
  bytes: z.int().min(0),
  /** Of its file, in hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type TableEntry = z.infer<typeof tableSchema>

const contentSchema = z.strictObject({
  format: z.literal(2),
  number: z.int().min(1),
  id: z.uuid(),
  /** How many migrations the database had. */
  schemaVersion: z.int().min(1),
  createdAt: z.iso.datetime(),
  /** The number of the backup before this one; null for the first. */
  parent: z.int().min(1).nullable(),
  reason: z.string().max(500).nullable(),
  /** Which master key it is under. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  /** 32 bytes, in hex: no two backups share a key. */
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  /** In the order in which they can be read in again: what is referred to comes first. */
  tables: z.array(tableSchema).max(1000),
  sequences: z.array(z.strictObject({ name, lastValue: z.string().max(30), isCalled: z.boolean() })).max(1000),
})
export type Manifest = z.infer<typeof contentSchema>

const manifestSchema = z.strictObject({ ...contentSchema.shape, mac: z.string().regex(/^[0-9a-f]{64}$/) })

export const manifestName = 'manifest.json'
/** A manifest of a thousand partitions is some hundred kilobytes. */
export const maxManifestBytes = 64 * 1024 * 1024

/** Which of the master keys something is under. @throws Error where it is none of ours */
export function findMasterKey(masterKeys: readonly string[], keyId: string): string {
  const found = masterKeys.find((key) => masterKeyId(key) === keyId)
  if (found === undefined) throw new Error(`it was made under another master key (${keyId})`)
  return found
}

export function masterKeyId(masterKey: string): string {
  return hash('sha256', deriveKey(masterKey, 'backup key id'), 'hex').slice(0, 16)
}

/** The key of one file of one backup. */
export function fileKey(masterKey: string, { id, salt }: Pick<Manifest, 'id' | 'salt'>, table: string): Buffer {
  return deriveKey(masterKey, `backup ${id} ${table}`, Buffer.from(salt, 'hex'))
}

export function fileName(table: string): string {
  return `${table}.copy.zst.enc`
}

/** Writes a manifest with what proves that nobody changed it (HMAC-SHA-256 over its canonical JSON). */
export function writeManifest(content: Manifest, masterKey: string): string {
  return render(content, macOf(content, masterKey).toString('hex'))
}

/** Reads a manifest. @throws Error, for people, where it is none, or not as it was written */
export function readManifest(text: string, masterKeys: readonly string[]): Manifest {
  const parsed = manifestSchema.safeParse(parseJson(text))
  if (!parsed.success) throw new Error('it cannot be read')
  const { mac, ...content } = parsed.data
  const expected = macOf(content, findMasterKey(masterKeys, content.keyId))
  const isOurs = timingSafeEqual(Buffer.from(mac, 'hex'), expected)
  // White space and the order of names count as well: nothing of a backup changes unseen.
  if (!isOurs || text !== render(content, mac)) throw new Error('it is not as it was written')
  return content
}

/** There is one text for each manifest: names stand in the order of the schema. */
function render(content: Manifest, mac: string): string {
  return `${JSON.stringify(manifestSchema.parse({ ...content, mac }), undefined, 2)}\n`
}

function macOf(content: Manifest, masterKey: string): Buffer {
  return createHmac('sha256', deriveKey(masterKey, 'backup manifest')).update(canonicalJson(content)).digest()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
