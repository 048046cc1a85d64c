import { appendAudit } from '@momentry/shared/audit/append.ts'
import { type AuditVerification, verifyAudit } from '@momentry/shared/audit/verify.ts'
import type { Anchor } from '@momentry/shared/audit/walk.ts'
import { type Context, systemActor, withTransaction } from '@momentry/shared/platform/context.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createPostgres, type Postgres, type Queryable } from '@momentry/shared/platform/postgres/client.ts'
import { sql } from '@momentry/shared/platform/postgres/query.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import type { Signer } from '@momentry/shared/platform/sign.ts'
import { createTestSigner } from '../support/signer.ts'
import { createTestStores } from '../support/stores.ts'

export interface TestLog {
  postgres: Postgres
  signer: Signer
  /** What verbs are given, by the log's own clock. */
  context: Context
  /** Of rows that are appended from now on. */
  setTime(time: string): void
  append(count: number, signer?: Signer): Promise<void>
  verify(db?: Queryable, anchor?: Anchor): Promise<AuditVerification>
  /** Verifies the log as it would be after some statements of somebody who may do anything, and undoes them. */
  verifyAfter(statements: string, anchor?: Anchor): Promise<AuditVerification>
  /** Does some statements of somebody who may do anything, and leaves no trace of how. */
  tamper(statements: string): Promise<void>
  close(): Promise<void>
}

/** What the owner of the tables can do, and no role that only uses them: give itself every right, and put triggers to sleep. */
const openDoors = ['api_key_audit_log', 'api_key_audit_heads']
  .map((table) => `grant all on ${table} to current_user; alter table ${table} disable trigger user;`)
  .join('\n')

const closeDoors = `alter table api_key_audit_log enable trigger user;
  revoke update, delete, truncate on api_key_audit_log from current_user;
  alter table api_key_audit_heads enable trigger user;
  revoke delete, truncate on api_key_audit_heads from current_user;`

/** An audit log on a database of its own, without any process, and by a clock of its own. */
export async function createTestLog(): Promise<TestLog> {
  const stores = await createTestStores()
  const log = createLogger({ name: 'test', level: 'silent' })
  const postgres = createPostgres({ url: stores.databaseUrl, poolSize: 4, applicationName: 'test', log })
  const signer = createTestSigner()
  let now = 0
  const context: Context = {
    db: postgres.db,
    actor: { ...systemActor, keyId: createId(), address: '2001:db8::7' },
    requestId: 'test',
    now: () => now++,
    publishChanges: async () => undefined,
    signer,
  }
  const verify = (db = postgres.db, anchor?: Anchor) => verifyAudit(db, { signer, anchor })

  class Undo extends Error {}
  return {
    postgres,
    signer,
    context,
    setTime(time) {
      now = Date.parse(time)
    },
    async append(count, by = signer) {
      await withTransaction({ ...context, signer: by }, async (tx) => {
        for (let n = 0; n < count; n += 1)
          await appendAudit(tx, {
            action: 'key.updated',
            keyId: createId(),
            reason: 'because',
            before: { n, name: 'a' },
            after: { n: n + 1, name: 'b' },
          })
      })
    },
    verify,
    async verifyAfter(statements, anchor) {
      let outcome: AuditVerification | undefined
      try {
        await postgres.db.transaction(async (tx) => {
          await tx.execute(sql.raw(openDoors))
          await tx.execute(sql.raw(statements))
          outcome = await verify(tx, anchor)
          throw new Undo()
        })
      } catch (error) {
        if (!(error instanceof Undo)) throw error
      }
      if (!outcome) throw new Error('nothing was verified')
      return outcome
    },
    async tamper(statements) {
      await postgres.db.transaction(async (tx) => {
        await tx.execute(sql.raw(`${openDoors} ${statements}; ${closeDoors}`))
      })
    },
    async close() {
      await postgres.close()
      await stores.close()
    },
  }
}
