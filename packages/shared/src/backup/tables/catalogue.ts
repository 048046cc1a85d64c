import type pg from 'pg'

/** A table as the database knows it. */
export interface Table {
  name: string
  /** Those that hold something of their own, in order. */
  columns: string[]
  primaryKey: string[]
  partitions: { name: string; bound: string }[]
}

export interface Sequence {
  name: string
  lastValue: string
  isCalled: boolean
}

/**
 * Tables of the schema, without the partitions of others, which come with these, and without what extensions made, which
 * comes with those. Momentry's own names are plain; another kind of name is somebody else's.
 */
const tables = `
  SELECT c.relname AS name,
    ARRAY(SELECT a.attname::text FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
    ARRAY(SELECT a.attname::text FROM pg_index i
      CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place) AS "primaryKey",
    coalesce((SELECT jsonb_agg(jsonb_build_object('name', p.relname, 'bound', pg_get_expr(p.relpartbound, p.oid)) ORDER BY p.relname)
      FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhrelid WHERE h.inhparent = c.oid), '[]') AS partitions
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname ~ '^[a-z_][a-z0-9_]{0,62}$'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.relname`

const references = `
  SELECT DISTINCT from_table.relname AS "from", to_table.relname AS "to"
  FROM pg_constraint k
    JOIN pg_class from_table ON from_table.oid = k.conrelid
    JOIN pg_class to_table ON to_table.oid = k.confrelid
  WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND k.conrelid <> k.confrelid`

/** Gives the tables of a database, each after those that it refers to. */
export async function readTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows: found } = await client.query<Table>(tables)
  const { rows: edges } = await client.query<{ from: string; to: string }>(references)
  // A set keeps the order in which its members came.
  const ordered = new Set<Table>()
  const seen = new Set<Table>()
  const place = (table: Table) => {
    if (seen.has(table)) return
    seen.add(table)
    for (const { to } of edges.filter(({ from }) => from === table.name)) {
      const referred = found.find(({ name }) => name === to)
      if (referred) place(referred)
    }
    ordered.add(table)
  }
  for (const table of found) place(table)
  return [...ordered]
}

export async function readSequences(client: pg.ClientBase): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relname`,
  )
  const sequences: Sequence[] = []
  for (const { name } of rows) {
    const state = await client.query<Omit<Sequence, 'name'>>(
      `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${quote(name)}`,
    )
    if (state.rows[0]) sequences.push({ name, ...state.rows[0] })
  }
  return sequences
}

/** A name as SQL takes it. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
