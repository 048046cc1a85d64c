import { previousSecretPlace, secretPlace } from '../alert-sinks/secrets.ts'
import { alertSinks } from '../alert-sinks/table.ts'
import { answerPlace } from '../idempotency/run.ts'
import { apiIdempotency } from '../idempotency/table.ts'
import { credentialsPlace } from '../integrations/connections/open.ts'
import { sessionPlace } from '../integrations/connections/sessions.ts'
import { escrowPlace as integrationEscrowPlace } from '../integrations/rotation/escrow.ts'
import { integrationConnections, integrationEscrow } from '../integrations/table.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, asc, eq, sql } from '../platform/postgres/query.ts'
import type { PgColumn, PgTable } from '../platform/postgres/schema.ts'
import type { Seal } from '../platform/seal.ts'
import { escrowPlace } from '../rotation/escrow/deposit.ts'
import { apiKeyEscrow } from '../rotation/table.ts'

/** Rows that are sealed anew in one transaction. */
const batchSize = 200

export interface Resealed {
  /** Texts that are now under the first master key, and were not before. */
  resealed: number
  /** Texts that none of the master keys opens: they stay as they are. */
  unreadable: number
}

/** A sealed text, where it stands, and how it is written back. */
interface Sealed {
  sealed: Buffer
  place: string
  write(sealed: Buffer): Promise<unknown>
}

/**
 * Seals everything anew under the first master key: what was sealed under those that follow it needs them no more. Can
 * be run while Momentry runs, and again where it was interrupted.
 */
export async function resealAll(db: Queryable, seal: Seal): Promise<Resealed> {
  const outcome = { resealed: 0, unreadable: 0 }
  for (const next of [...columns.map(readColumn), readAnswers()]) {
    for (let more = true; more; )
      more = await db.transaction(async (tx) => {
        const batch = await next(tx)
        for (const sealed of batch) await reseal(seal, sealed, outcome)
        return batch.length === batchSize
      })
  }
  return outcome
}

async function reseal(seal: Seal, { sealed, place, write }: Sealed, outcome: Resealed): Promise<void> {
  if (seal.isCurrent(sealed)) return
  const text = tryOpen(seal, sealed, place)
  if (text === undefined) {
    outcome.unreadable += 1
    return
  }
  await write(seal.seal(text, place))
  outcome.resealed += 1
}

function tryOpen(seal: Seal, sealed: Buffer, place: string): string | undefined {
  try {
    return seal.open(sealed, place)
  } catch {
    return undefined
  }
}

type ReadNext = (tx: Queryable) => Promise<Sealed[]>

/** A sealed column of a table whose rows have an id. */
interface SealedColumn {
  table: PgTable
  id: PgColumn
  sealed: PgColumn
  placeOf(id: string): string
}

const columns: readonly SealedColumn[] = [
  { table: apiKeyEscrow, id: apiKeyEscrow.rotationId, sealed: apiKeyEscrow.sealed, placeOf: escrowPlace },
  {
    table: integrationEscrow,
    id: integrationEscrow.rotationId,
    sealed: integrationEscrow.sealed,
    placeOf: integrationEscrowPlace,
  },
  {
    table: integrationConnections,
    id: integrationConnections.id,
    sealed: integrationConnections.sealedCredentials,
    placeOf: credentialsPlace,
  },
  {
    table: integrationConnections,
    id: integrationConnections.id,
    sealed: integrationConnections.sealedSession,
    placeOf: sessionPlace,
  },
  { table: alertSinks, id: alertSinks.id, sealed: alertSinks.secret, placeOf: secretPlace },
  { table: alertSinks, id: alertSinks.id, sealed: alertSinks.previousSecret, placeOf: previousSecretPlace },
]

/** Gives the sealed texts of a column, batch after batch, each held until its transaction ends. */
function readColumn({ table, id, sealed, placeOf }: SealedColumn): ReadNext {
  let last = '00000000-0000-0000-0000-000000000000'
  return async (tx) => {
    const { rows } = await tx.execute<{ id: string; sealed: Buffer }>(sql`
      select ${id} as id, ${sealed} as sealed from ${table}
      where ${id} > ${last} and ${sealed} is not null order by ${id} limit ${batchSize} for update`)
    last = rows.at(-1)?.id ?? last
    return rows.map((row) => ({
      sealed: row.sealed,
      place: placeOf(row.id),
      write: (text) =>
        tx.execute(sql`update ${table} set ${sql.identifier(sealed.name)} = ${text} where ${id} = ${row.id}`),
    }))
  }
}

/** Gives answers that are kept for their `Idempotency-Key`, likewise. */
function readAnswers(): ReadNext {
  let last = { actorKeyId: '00000000-0000-0000-0000-000000000000', idempotencyKey: '' }
  return async (tx) => {
    const { actorKeyId, idempotencyKey, response } = apiIdempotency
    const rows = await tx
      .select({ actorKeyId, idempotencyKey, response })
      .from(apiIdempotency)
      .where(sql`(${actorKeyId}, ${idempotencyKey}) > (${last.actorKeyId}::uuid, ${last.idempotencyKey})`)
      .orderBy(asc(actorKeyId), asc(idempotencyKey))
      .limit(batchSize)
      .for('update')
    last = rows.at(-1) ?? last
    return rows.flatMap((row) =>
      row.response === null
        ? []
        : [
            {
              sealed: row.response,
              place: answerPlace(row),
              write: (sealed: Buffer) =>
                tx
                  .update(apiIdempotency)
                  .set({ response: sealed })
                  .where(and(eq(actorKeyId, row.actorKeyId), eq(idempotencyKey, row.idempotencyKey))),
            },
          ],
    )
  }
}
