import { once } from 'node:events'
import { createServer } from 'node:http'
import process from 'node:process'
import pg from 'pg'
import { z } from 'zod'

/**
 * A floor: looks secrets up by their digests with one named prepared statement each through `pg`, ten in flight, and does
 * nothing with them. `GET /?seconds=5` does so for that long and answers `{perSecond}`.
 */
const { DATABASE_URL } = z.object({ DATABASE_URL: z.string() }).parse(process.env)
const inFlight = 10

// As Momentry looked one secret up before it looked up several at once; that is what it is compared to.
const text = `
SELECT s.key_id, s.digest, s.version, s.superseded_at, s.grace_ends_at, s.claimable, s.awaits_first_use,
       current.rotation_id, current.created_at AS rotated_at,
       k.type, k.name, k.owner_id, k.scopes, k.metadata, k.policy, k.enabled, k.secret_version, k.expires_at,
       k.revoked_at, CASE WHEN k.throttled_until > now() THEN k.throttled_until END AS throttled_until
FROM api_key_secrets s
  JOIN api_keys k ON k.id = s.key_id
  LEFT JOIN api_key_secrets current ON current.key_id = k.id AND current.version = k.secret_version
WHERE s.digest = $1`

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: inFlight })
const { rows } = await pool.query<{ digest: Buffer }>('SELECT digest FROM api_key_secrets')
let next = 0

async function selectUntil(end: number): Promise<number> {
  let done = 0
  while (performance.now() < end) {
    next = (next + 1) % rows.length
    const found = await pool.query({ name: 'select-by-hash', text, values: [rows[next]?.digest] })
    if (found.rowCount !== 1) throw new Error('a secret was not found')
    done += 1
  }
  return done
}

async function measure(seconds: number): Promise<number> {
  const start = performance.now()
  const end = start + seconds * 1000
  const done = await Promise.all(Array.from({ length: inFlight }, () => selectUntil(end)))
  return done.reduce((sum, count) => sum + count, 0) / ((performance.now() - start) / 1000)
}

const server = createServer(async (request, response) => {
  const seconds = Number(new URL(request.url ?? '/', 'http://here').searchParams.get('seconds'))
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ perSecond: await measure(seconds) }))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
if (address !== null && typeof address === 'object')
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${address.port}` })
process.once('SIGTERM', () => process.exit(0))
