import type { Finding } from '@momentry/shared/anomalies/finding.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { apiKeyPolicyActions } from '@momentry/shared/rotation/table.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { expect } from 'vitest'
import { z } from 'zod'
import { partitions, type Workbench } from '../../support/workbench.ts'
import { type Rotation, type RotationHarness, rotationSchema } from '../support.ts'

const page = z.object({ data: z.array(rotationSchema) })

/** Puts a finding on its stream, as the worker does: a high request rate of high severity, unless told otherwise. */
export async function tellFinding(
  { redis, names }: Workbench,
  change: Partial<Finding> & Pick<Finding, 'keyId'>,
): Promise<Finding> {
  const second = Math.floor(Date.now() / 1000)
  const finding: Finding = {
    kind: 'opened',
    id: createId(),
    rule: 'high_request_rate',
    severity: 'high',
    observed: 5000,
    threshold: 1000,
    window: { start: second - 59, end: second },
    explanation: '5000 requests in 60 s',
    ...change,
  }
  const stream = names.anomalyStream(partitionOf(finding.keyId, partitions))
  await redis.xadd(stream, '*', 'finding', JSON.stringify(finding))
  return finding
}

/** Waits until all that is on the streams is dealt with: told, and acted on. */
export async function settled(bench: Workbench): Promise<void> {
  await expect.poll(() => bench.backlog(), { interval: 50 }).toBe(0)
}

/** The rotations of a key, the newest first. */
export async function readRotations(t: RotationHarness, keyId: string): Promise<Rotation[]> {
  return page.parse((await t.asRoot('GET', `/v1/rotations?keyId=${keyId}`)).body).data
}

/** What policies did to keys. */
export async function readActions({ postgres }: Workbench, keyIds: readonly string[]) {
  const rows = await postgres.db.select().from(apiKeyPolicyActions)
  return rows.filter(({ keyId }) => keyIds.includes(keyId))
}

/** What was told of it, of one key. */
export function actionAlerts({ alerts }: Workbench, keyId: string): Workbench['alerts'] {
  return alerts.filter(({ type, data }) => type === 'policy.acted' && data.keyId === keyId)
}
