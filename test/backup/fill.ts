import { randomBytes, randomUUID } from 'node:crypto'
import { integrationEscrow, integrationRotations } from '@momentry/shared/integrations/table.ts'
import { createKey } from '@momentry/shared/keys/create.ts'
import type { Context } from '@momentry/shared/platform/context.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { requestRotation } from '@momentry/shared/rotation/request.ts'
import { executeRotation } from '@momentry/shared/rotation/work/execute.ts'
import { toColumns } from '@momentry/shared/usage/roll-up/columns.ts'
import { writeSums } from '@momentry/shared/usage/roll-up/write.ts'
import { inject } from 'vitest'
import type { TestDatabase } from './support.ts'

export const seal = () => createSeal([inject('masterKey')])

/** A key whose successor waits in escrow. */
export interface Rotated {
  keyId: string
  oldSecret: string
}

/** Puts something into every table, by the product's own verbs where that is little work. */
export async function fillEveryTable(database: TestDatabase): Promise<Rotated> {
  const { context, postgres } = database
  const rotated = await rotate(context)
  const minute = Date.UTC(2026, 0, 5, 12)
  const seen = [2, 1, minute, minute] as const
  await writeSums(postgres.pool, {
    flushId: createId(),
    partition: 3,
    sums: toColumns({
      minutes: [[rotated.keyId, minute, 5, 1, 40, 4, minute]],
      addresses: [[rotated.keyId, minute, '2001:db8::1', ...seen]],
      secrets: [[createId(), 1, '192.0.2.7', 3, 1, minute]],
    }),
  })
  for (const statement of statements(rotated.keyId)) await database.rows(statement)
  await fillIntegrations(context)
  return rotated
}

async function rotate(context: Context): Promise<Rotated> {
  const { key, secret } = await createKey(context, {
    type: 'service',
    name: 'rotated',
    scopes: ['a:read'],
    metadata: { nested: { text: 'tab\t newline\n backslash\\ ü €', number: 1.5e300, none: null } },
  })
  const { rotationId } = await requestRotation(context, { announce: async () => undefined }, key.id, {
    kind: 'manual',
    reason: 'because',
  })
  await executeRotation(context, { seal: seal(), intervals: {} }, rotationId)
  return { keyId: key.id, oldSecret: secret }
}

const statements = (keyId: string) => {
  const [anomaly, job, sink] = [randomUUID(), randomUUID(), randomUUID()]
  return [
    `insert into api_key_anomalies (id, key_id, rule, severity, observed, threshold, window_start, window_end, explanation, detected_at, updated_at)
     values ('${anomaly}', '${keyId}', 'multiple_ips', 'high', 'Infinity', 0.1, '2026-01-05T12:00:00.123456Z', 'infinity', 'ü', now(), now())`,
    `insert into api_key_policy_actions values ('${anomaly}', '${keyId}', 'rotate', true, null, now())`,
    `insert into api_idempotency values ('${keyId}', 'a\tkey', sha256('a'), 201, sha256('b'), now())`,
    `insert into api_key_changes (key_id) values ('${keyId}')`,
    `insert into jobs (id, queue, name, state, data, max_attempts, created_at, updated_at) values ('${job}', 'q', 'n', 'completed', '{}', 1, now(), now())`,
    `insert into job_processor_results (id, job_id, processor, attempt, status, started_at) values ('${randomUUID()}', '${job}', 'p', 1, 'completed', now())`,
    `insert into alert_sinks (id, name, kind, target, secret, routing, group_seconds, created_at, updated_at)
     values ('${sink}', 'ü', 'webhook', '{"kind": "webhook"}', '\\x00ff', '{}', 60, now(), now())`,
    `insert into alert_deliveries (id, sink_id, group_key, alert_seqs, next_attempt_at, created_at)
     values ('${randomUUID()}', '${sink}', 'a\tkey', '{1,2}', now(), now())`,
    `insert into alert_log values (1, '${anomaly}', 'anomaly.detected', 'high', '${keyId}', 'multiple_ips', 'o', '{"type": "ü"}', now())`,
    `insert into alert_silences (id, key_id, starts_at, ends_at, created_at) values ('${randomUUID()}', '${keyId}', now(), now(), now())`,
    `insert into console_sessions (id, token_digest, key_id, secret_digest, created_at, last_seen_at, expires_at)
     values ('${randomUUID()}', sha256('a'), '${keyId}', sha256('b'), now(), now(), now())`,
    `insert into settings values ('anomaly', '{"ipsPerHour": 7}', now(), null)`,
    `insert into validation_outcomes values (now(), 'VALID', 3)`,
  ]
}

async function fillIntegrations({ db }: Context): Promise<void> {
  const [connectionId, rotationId, now] = [createId(), createId(), new Date()]
  await db.execute(`insert into integration_connections (id, system, server, name, account, sealed_credentials, created_at, updated_at)
    values ('${connectionId}', 'n8n', 'http://n8n', 'ops', 'a', '\\x00ff0a', now(), now())`)
  for (const table of ['gitea_tokens', 'n8n_api_keys'])
    await db.execute(`insert into ${table} (id, server, owner, name, remote_name, scopes, state, connection_id, policy, created_at, renewed_at, updated_at)
      values ('${createId()}', 'http://there', 'o', 'n', 'n', '{"a b","c,d"}', 'creating', '${connectionId}', '{}', now(), now(), now())`)
  await db.insert(integrationRotations).values({
    ...{ id: rotationId, system: 'n8n', credentialId: createId(), jobId: createId(), kind: 'manual', state: 'queued' },
    ...{ handOver: { type: 'claim' }, fromVersion: 1, oldRemoteId: '1', oldRemoteName: 'a', newRemoteName: 'b' },
    ...{ wakesAt: now, createdAt: now, updatedAt: now },
  })
  await db.insert(integrationEscrow).values({ rotationId, sealed: randomBytes(40), expiresAt: now })
}
