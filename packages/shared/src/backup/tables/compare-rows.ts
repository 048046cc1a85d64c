/** A row as `COPY` writes it: its values, tabs between them, and no newline. */
interface CopiedRow {
  /** Values of the primary key, as they stand in the text. */
  key: Buffer[]
  /** By column, as they stand in the text. */
  values: Map<string, string>
}

export interface RowChange {
  kind: 'added' | 'removed' | 'changed'
  /** The values of the primary key. */
  key: string
}

export interface CompareOptions {
  /** Of the two sides, in order. */
  columns: readonly [readonly string[], readonly string[]]
  primaryKey: readonly string[]
}

/**
 * Compares two tables that are in the order of their primary key, byte by byte, and tells what differs. A row is changed
 * where a column that both sides have holds another value.
 */
export async function* compareRows(
  before: AsyncIterable<Buffer>,
  after: AsyncIterable<Buffer>,
  { columns: [oldColumns, newColumns], primaryKey }: CompareOptions,
): AsyncGenerator<RowChange> {
  const left = readRows(before, oldColumns, primaryKey)
  const right = readRows(after, newColumns, primaryKey)
  const shared = oldColumns.filter((column) => newColumns.includes(column))
  let [old, present] = [await next(left), await next(right)]
  while (old || present) {
    const order = compare(old, present)
    if (order < 0 && old) yield { kind: 'removed', key: tell(old) }
    else if (order > 0 && present) yield { kind: 'added', key: tell(present) }
    else if (old && present && shared.some((column) => old?.values.get(column) !== present?.values.get(column)))
      yield { kind: 'changed', key: tell(present) }
    if (order <= 0) old = await next(left)
    if (order >= 0) present = await next(right)
  }
}

async function next(rows: AsyncGenerator<CopiedRow>): Promise<CopiedRow | undefined> {
  const { value, done } = await rows.next()
  return done ? undefined : value
}

function compare(a: CopiedRow | undefined, b: CopiedRow | undefined): number {
  if (!a || !b) return a ? -1 : 1
  for (const [at, value] of a.key.entries()) {
    const order = Buffer.compare(value, b.key[at] ?? Buffer.alloc(0))
    if (order !== 0) return order
  }
  return 0
}

function tell({ key }: CopiedRow): string {
  return key.map((value) => value.toString('utf8')).join(' ')
}

async function* readRows(
  pieces: AsyncIterable<Buffer>,
  columns: readonly string[],
  primaryKey: readonly string[],
): AsyncGenerator<CopiedRow> {
  let rest = Buffer.alloc(0)
  for await (const piece of pieces) {
    rest = Buffer.concat([rest, piece])
    let from = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      const texts = rest.subarray(from, end).toString('utf8').split('\t')
      const values = new Map(columns.map((column, at) => [column, texts[at] ?? '']))
      yield { key: primaryKey.map((column) => Buffer.from(unescapeValue(values.get(column) ?? ''))), values }
      from = end + 1
    }
    rest = rest.subarray(from)
  }
}

/** What `COPY` writes for characters that would end a value or a row. */
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function unescapeValue(text: string): string {
  return text.replace(/\\(.)/gs, (_, sign: string) => escapes[sign] ?? sign)
}
