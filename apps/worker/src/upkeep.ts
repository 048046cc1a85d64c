import { pruneDeliveries } from '@momentry/shared/alert-sinks/delivery/prune.ts'
import { pruneAlerts, pruneSilences } from '@momentry/shared/alerts/prune.ts'
import { createAlertSender } from '@momentry/shared/alerts/send.ts'
import { makeAuditDays } from '@momentry/shared/audit/upkeep/make-ahead.ts'
import { pruneAudit } from '@momentry/shared/audit/upkeep/prune.ts'
import { queueScheduledBackup } from '@momentry/shared/backup/jobs/schedule.ts'
import type { Config } from '@momentry/shared/config.ts'
import { pruneIdempotency } from '@momentry/shared/idempotency/prune.ts'
import { expireCredentials } from '@momentry/shared/integrations/credentials/expire.ts'
import { pruneCredentials } from '@momentry/shared/integrations/credentials/prune.ts'
import { burnExpired as burnIntegrationEscrow } from '@momentry/shared/integrations/rotation/escrow.ts'
import { clearLeftovers } from '@momentry/shared/integrations/rotation/upkeep/clear-leftovers.ts'
import { requestDueRotations as requestDueElsewhere } from '@momentry/shared/integrations/rotation/upkeep/request-due.ts'
import { tellUnclaimed as tellUnclaimedElsewhere } from '@momentry/shared/integrations/rotation/upkeep/tell-unclaimed.ts'
import type { Integrations } from '@momentry/shared/integrations/systems.ts'
import { tellError } from '@momentry/shared/jobs/error-text.ts'
import { pruneJobs } from '@momentry/shared/jobs/prune.ts'
import { recordRun } from '@momentry/shared/jobs/record-run.ts'
import { sweepChanges } from '@momentry/shared/keys/changes/publish.ts'
import { systemContext } from '@momentry/shared/keys/changes/system-context.ts'
import { tellExpiring } from '@momentry/shared/keys/schedule/tell-expiring.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { createRepeatedJobs, type RepeatedJob, type RepeatedJobs } from '@momentry/shared/platform/process/repeat.ts'
import type { Seal } from '@momentry/shared/platform/seal.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { burnExpired } from '@momentry/shared/rotation/escrow/burn.ts'
import { createAnnouncer } from '@momentry/shared/rotation/queue.ts'
import { assignDates } from '@momentry/shared/rotation/upkeep/assign-dates.ts'
import { pruneRotations } from '@momentry/shared/rotation/upkeep/prune.ts'
import { requestDueRotations } from '@momentry/shared/rotation/upkeep/request-due.ts'
import { tellUnclaimed } from '@momentry/shared/rotation/upkeep/tell-unclaimed.ts'
import { pruneSessions } from '@momentry/shared/sessions/prune.ts'
import { makeMonths } from '@momentry/shared/usage/months/make.ts'
import { pruneUsage } from '@momentry/shared/usage/months/prune.ts'
import { pruneFlushes } from '@momentry/shared/usage/roll-up/prune.ts'
import { pruneValidations } from '@momentry/shared/validations/prune.ts'
import type { WorkerMetrics } from './metrics.ts'
import { carrySums } from './roll-up.ts'

export interface UpkeepDeps {
  stores: Stores
  config: Pick<Config, 'usage' | 'rotation' | 'expiryNoticeSeconds' | 'retention' | 'backup'>
  integrations: Integrations
  seal: Seal
  metrics: WorkerMetrics
  log: Logger
}

const second = 1_000
const minute = 60_000
const hour = 3_600_000
const queue = 'upkeep'

/** Whoever committed a change publishes it within milliseconds; what is older was left by somebody who died. */
const abandonedMs = second

/** The work that comes round, each turn done by one worker. What a turn did is among the jobs, but for the first two. */
export function startUpkeep({ stores, config, integrations, seal, metrics, log }: UpkeepDeps): RepeatedJobs {
  const { names, postgres, redis, createRedis } = stores
  const { partitions } = config.usage
  const context = systemContext(stores, 'worker', log)
  const sendAlert = createAlertSender({ redis, names, partitions })
  const announce = createAnnouncer({ redis, names, log })
  const { intervals } = config.rotation

  const jobs: Record<string, RepeatedJob> = {
    'roll-up': { everyMs: second, run: () => carrySums({ stores, partitions, metrics, log }) },
    'publish-changes': {
      everyMs: second,
      run: async () => ({ published: await sweepChanges({ db: postgres.db, redis, names, log }, abandonedMs) }),
    },
  }
  const noted: Record<string, RepeatedJob> = {
    'request-due-rotations': {
      everyMs: 2 * second,
      run: async () => ({ queued: await requestDueRotations(context, { announce, intervals }) }),
    },
    'assign-rotation-dates': {
      everyMs: minute,
      run: async () => ({ assigned: await assignDates(context, intervals) }),
    },
    'tell-unclaimed': { everyMs: 2 * second, run: async () => ({ told: await tellUnclaimed(context, { sendAlert }) }) },
    'burn-escrow': {
      everyMs: 2 * second,
      run: async () => ({ burnt: (await burnExpired(context)) + (await burnIntegrationEscrow(context)) }),
    },
    'request-due-rotations-elsewhere': {
      everyMs: 2 * second,
      run: async () => ({ queued: await requestDueElsewhere(context, { integrations, announce }) }),
    },
    'tell-unclaimed-elsewhere': {
      everyMs: 2 * second,
      run: async () => ({ told: await tellUnclaimedElsewhere(context, { sendAlert }) }),
    },
    'clear-leftovers-elsewhere': {
      everyMs: 2 * second,
      run: async () => ({ deleted: await clearLeftovers({ context, integrations, seal }) }),
    },
    'expire-credentials-elsewhere': {
      everyMs: 5 * second,
      run: async () => ({ ended: await expireCredentials(context, { integrations, seal, sendAlert }) }),
    },
    'tell-expiring': {
      everyMs: minute,
      run: async () => ({
        told: await tellExpiring(context, { sendAlert, noticeSeconds: config.expiryNoticeSeconds }),
      }),
    },
    'make-months': { everyMs: hour, run: async () => ({ made: await makeMonths(postgres.db, Date.now()) }) },
    'make-audit-days': { everyMs: hour, run: async () => ({ made: await makeAuditDays(context) }) },
    prune: {
      everyMs: hour,
      run: async () => ({
        auditDays: await pruneAudit(context, config.retention.audit),
        flushes: await pruneFlushes(postgres.pool),
        ...(await pruneUsage(postgres.db, config.retention.usage, Date.now())),
        rotations: await pruneRotations(postgres.db, config.retention.usage, Date.now()),
        credentials: await pruneCredentials(postgres.db, config.retention.usage, Date.now()),
        alertDeliveries: await pruneDeliveries(postgres.db, Date.now()),
        validations: await pruneValidations(postgres.db, Date.now()),
        answers: await pruneIdempotency(postgres.db, Date.now()),
        sessions: await pruneSessions(postgres.db, Date.now()),
        alerts: await pruneAlerts(postgres.db, config.retention.alerts, Date.now()),
        silences: await pruneSilences(postgres.db, config.retention.alerts, Date.now()),
        jobs: await pruneJobs(postgres.db, (config.retention.jobs * 24 * hour) / second, Date.now()),
      }),
    },
  }
  const { schedule: cron, keep } = config.backup
  if (cron !== undefined)
    jobs['back-up'] = {
      cron,
      run: async () => ({ queued: await queueScheduledBackup(context, { announce, keep }) }),
    }
  for (const [name, job] of Object.entries(noted)) jobs[name] = note(stores, name, job)
  return createRepeatedJobs({ createRedis, prefix: names.queuePrefix, queue, jobs, log })
}

/** Writes a turn that did something, or failed, into the jobs that people see. */
function note({ postgres }: Stores, name: string, { run, ...turns }: RepeatedJob): RepeatedJob {
  const write = (startedAt: number, came: { output?: Record<string, unknown>; error?: string }) =>
    recordRun(postgres.db, {
      queue,
      name,
      startedAt,
      finishedAt: Date.now(),
      output: came.output,
      error: came.error,
    })
  return {
    ...turns,
    async run() {
      const startedAt = Date.now()
      try {
        const output = await run()
        if (Object.values(output).some((amount) => amount !== 0)) await write(startedAt, { output })
        return output
      } catch (error) {
        // Where the row cannot be written either, BullMQ and the log still tell of it.
        await write(startedAt, { error: tellError(error) }).catch(() => undefined)
        throw error
      }
    },
  }
}
