import type { Clock } from '@momentry/shared/platform/clock.ts'
import { type Context, systemActor } from '@momentry/shared/platform/context.ts'
import type { Postgres } from '@momentry/shared/platform/postgres/client.ts'
import { createTestSigner } from '../support/signer.ts'

/** What verbs are given that a test calls by itself, by its own clock; nobody is told of what they change. */
export function createTestContext({ db }: Postgres, now: Clock): Context {
  return {
    db,
    actor: systemActor,
    requestId: 'test',
    now,
    publishChanges: async () => undefined,
    signer: createTestSigner(),
  }
}
