import { createSenders } from '@momentry/shared/alert-sinks/senders/senders.ts'
import { addressLocked, credentialStuffing } from '@momentry/shared/alerts/address-alerts.ts'
import { createAlertFeed } from '@momentry/shared/alerts/feed.ts'
import { createAlertSender, createTeller } from '@momentry/shared/alerts/send.ts'
import { openBackupStorage } from '@momentry/shared/backup/storage/open.ts'
import { type Config, required } from '@momentry/shared/config.ts'
import { createIntegrations } from '@momentry/shared/integrations/systems.ts'
import { createChangePublisher } from '@momentry/shared/keys/changes/publish.ts'
import { subscribeToChanges } from '@momentry/shared/keys/changes/subscribe.ts'
import { createForeignPrefixes } from '@momentry/shared/keys/imported/prefixes.ts'
import { createSecretCache } from '@momentry/shared/keys/validation/cache/secret-cache.ts'
import { createSecretFinder } from '@momentry/shared/keys/validation/record/find.ts'
import { createStandingCheck } from '@momentry/shared/keys/validation/standing.ts'
import { createValidate } from '@momentry/shared/keys/validation/validate.ts'
import { createGithubKeys } from '@momentry/shared/leaks/github/public-keys.ts'
import { createLimiter } from '@momentry/shared/limits/limiter.ts'
import { createLockout } from '@momentry/shared/lockout/lockout.ts'
import { systemClock } from '@momentry/shared/platform/clock.ts'
import { startHeartbeat } from '@momentry/shared/platform/process/heartbeat.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { createMetrics } from '@momentry/shared/platform/process/metrics.ts'
import { closeRedis, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { openStores } from '@momentry/shared/platform/stores.ts'
import { noTracing, type Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import { createFirstUseNoter } from '@momentry/shared/rotation/escrow/first-use.ts'
import { createAnnouncer } from '@momentry/shared/rotation/queue.ts'
import { createCallerStanding } from '@momentry/shared/sessions/standing.ts'
import { agreeOnPartitions } from '@momentry/shared/usage/agree-partitions.ts'
import { createUsageAppender } from '@momentry/shared/usage/append.ts'
import { createUsageBuffer } from '@momentry/shared/usage/buffer.ts'
import { createOutcomeCounter } from '@momentry/shared/validations/count.ts'
import { createLazyBoards } from '../console/lazy-boards.ts'
import { createRequestTeller } from '../http/tell-request.ts'
import { createAddressFinder } from '../middleware/client-address.ts'
import { createApiMetrics, showGauge } from './metrics.ts'
import { showStreams } from './stream-metrics.ts'

export type Services = Awaited<ReturnType<typeof createServices>>

/**
 * Makes everything that routes use, once per process. It starts also while Postgres or Redis is away: cached keys
 * validate, and /readyz tells what is missing.
 * @throws MomentryError `CONFIG_INVALID`
 */
export async function createServices(config: Config, log: Logger, tracing: Tracing = noTracing) {
  const seal = createSeal(required(config.masterKeys, 'MOMENTRY_MASTER_KEY'))

  const integrations = createIntegrations(config.integrations, systemClock)
  const stores = openStores('api', config, log)
  const { names, postgres, redis, createRedis } = stores
  const subscriber = createRedis('subscriber')
  const alertSubscriber = createRedis('subscriber')
  await Promise.all([stores.ready, whenReady(subscriber)])
  await agreeOnPartitions(redis, names, config.usage.partitions)

  const cache = createSecretCache({
    load: createSecretFinder(postgres.pool),
    ttlSeconds: config.cache.ttlSeconds,
    capacity: config.cache.maxCapacity,
    now: () => performance.now(),
  })
  const limiter = createLimiter({ redis, names, log, now: systemClock })
  const foreign = createForeignPrefixes({ pool: postgres.pool, now: () => performance.now() })
  // Asked once ahead, so that garbage is told from the first moment on, also while Postgres is away.
  void foreign.fits('').catch(() => undefined)
  const dropKey = (keyId: string) => {
    cache.drop(keyId)
    limiter.drop(keyId)
    foreign.expire()
  }
  const unsubscribe = subscribeToChanges({ redis: subscriber, names, log }, { ...cache, drop: dropKey })
  const appendUsage = createUsageAppender({ redis, names, partitions: config.usage.partitions })
  const usage = createUsageBuffer({ append: appendUsage, log, trace: tracing.current })
  const publishChanges = createChangePublisher({ db: postgres.db, redis, names, log })
  const firstUse = createFirstUseNoter({
    context: { db: postgres.db, now: systemClock, publishChanges, signer: stores.signer },
    log,
  })
  const tell = createTeller({
    sendAlert: createAlertSender({ redis, names, partitions: config.usage.partitions, trace: tracing.current }),
    log,
  })
  const lockout = createLockout({
    ...{ redis, subscriber, names, log, now: systemClock },
    ...config.lockout,
    onLocked: (finding) => void tell(addressLocked(finding, systemClock())),
    onStuffing: (finding) => void tell(credentialStuffing(finding, systemClock())),
  })
  const alerts = createAlertFeed({ db: postgres.db, redis: alertSubscriber, names, log })
  const stopping = new AbortController()
  const outcomes = createOutcomeCounter({ pool: postgres.pool, now: systemClock, log })
  const heartbeat = startHeartbeat({ redis, names, app: 'api', log })

  const registry = createMetrics('api')
  const metrics = createApiMetrics(registry)
  showGauge(registry, 'momentry_cache_entries', 'Secrets in the cache', cache.size)
  showGauge(registry, 'momentry_cache_hits', 'Look-ups that the cache answered', () => cache.lookups().hits)
  showGauge(registry, 'momentry_cache_misses', 'Look-ups that it did not', () => cache.lookups().misses)
  showGauge(registry, 'momentry_usage_buffer_pending', 'Usage events that are not on a stream yet', usage.pending)
  showGauge(registry, 'momentry_usage_buffer_dropped', 'Usage events dropped since the start', usage.dropped)
  showGauge(registry, 'momentry_locked_addresses', 'Addresses that are locked out, as this process knows', lockout.size)
  showStreams(registry, { redis, names, partitions: config.usage.partitions })

  const { proxy, timeoutMs } = config.integrations
  const toGithub = { ca: integrations.ca, proxy, timeoutMs }
  const githubKeys = createGithubKeys({ ...toGithub, url: config.githubLeakKeysUrl, now: () => performance.now() })
  const backupStorage = await openBackupStorage(config.backup)
  const boards = createLazyBoards({ createRedis, names })
  const senders = createSenders({ ...config.alertSinks, consoleUrl: config.consoleUrl, now: systemClock, log })

  return {
    config,
    log,
    names,
    now: systemClock,
    postgres,
    redis,
    /** For what needs a connection of its own, such as an event stream's. */
    createRedis,
    seal,
    signer: stores.signer,
    tracing,
    /** Tells people of something, if that is possible. */
    tell,
    githubKeys,
    /** The ways to alert sinks, for tests of them. */
    senders,
    /** What it takes to look at backups. */
    backups: { storage: backupStorage, masterKeys: required(config.masterKeys, 'MOMENTRY_MASTER_KEY') },
    /** bull-board on the queues. */
    boards,
    /** Other systems whose credentials are looked after. */
    integrations,
    cache,
    usage,
    appendUsage,
    alerts,
    registry,
    metrics,
    tellRequest: createRequestTeller({ log, metrics }),
    /** Counts how validations end, for charts. */
    outcomes,
    isTrustedProxy: config.isTrustedProxy,
    findAddress: createAddressFinder(config.isTrustedProxy),
    validate: createValidate({ cache, usage, limiter, foreign, now: systemClock, noteFirstUse: firstUse.note }),
    /** Whether a secret, and the session that it came by, is still good while its request is being answered. */
    stands: createCallerStanding({
      stands: createStandingCheck({ cache, now: systemClock }),
      db: postgres.db,
      now: systemClock,
    }),
    lockout,
    publishChanges,
    /** Wakes the workers that a rotation is queued. */
    announce: createAnnouncer({ redis, names, log }),
    /** Aborted when the process begins to stop, so that answers without an end come to one. */
    stopping: stopping.signal,
    stop: () => stopping.abort(),
    /** Sends what is buffered, and closes all connections. */
    async close() {
      unsubscribe()
      lockout.close()
      alerts.close()
      await Promise.all([usage.close(), outcomes.close(), heartbeat.close(), firstUse.settled(), limiter.close()])
      await Promise.all([
        closeRedis(subscriber),
        closeRedis(alertSubscriber),
        backupStorage.close(),
        boards.close(),
        githubKeys.close(),
        senders.close(),
        stores.close(),
        integrations.close(),
      ])
    },
  }
}
