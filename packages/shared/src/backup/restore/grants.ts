import type pg from 'pg'

/** A right that somebody has on something, and the statement that gives it. */
export interface Grant {
  /** To be looked up again by: what it is on may be there no more. */
  target: string
  kind: 'relation' | 'function'
  statement: string
}

const to = `CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END
  || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`

/** On tables and their columns, on sequences and on functions; not the owner's own. */
const grants = `
  SELECT 'relation' AS kind, target, format('GRANT %s%s ON %s %s TO %s', privilege, columns, CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, target, grantee) AS statement
  FROM (
    SELECT c.oid::regclass::text AS target, c.relkind, acl.privilege_type AS privilege, '' AS columns, ${to} AS grantee
    FROM pg_class c CROSS JOIN aclexplode(c.relacl) acl
    WHERE c.relnamespace IN ('public'::regnamespace, to_regnamespace('drizzle')) AND NOT c.relispartition AND acl.grantee <> c.relowner
    UNION ALL
    SELECT c.oid::regclass::text, c.relkind, acl.privilege_type, format(' (%I)', a.attname), ${to}
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped CROSS JOIN aclexplode(a.attacl) acl
    WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND acl.grantee <> c.relowner
  ) AS on_relations
  UNION ALL
  SELECT 'function', p.oid::regprocedure::text, format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'momentry\\_%' AND p.proacl IS NOT NULL
  UNION ALL
  SELECT 'function', p.oid::regprocedure::text, format('GRANT %s ON FUNCTION %s TO %s', acl.privilege_type, p.oid::regprocedure, ${to})
  FROM pg_proc p CROSS JOIN aclexplode(p.proacl) acl
  WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'momentry\\_%' AND acl.grantee <> p.proowner
  ORDER BY statement DESC`

/** Reads what rights others have on what Momentry made, before it is dropped. */
export async function readGrants(client: pg.ClientBase): Promise<Grant[]> {
  const { rows } = await client.query<Grant>(grants)
  return rows
}

/** Gives these rights again, on what is still there. */
export async function giveGrants(client: pg.ClientBase, found: readonly Grant[]): Promise<void> {
  for (const { kind, target, statement } of found) {
    const lookUp = kind === 'relation' ? 'to_regclass' : 'to_regprocedure'
    const { rows } = await client.query<{ exists: boolean }>(`SELECT ${lookUp}($1) IS NOT NULL AS exists`, [target])
    if (rows[0]?.exists) await client.query(statement)
  }
}
