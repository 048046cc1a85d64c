import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { environment } from './config/environment.ts'
import { MomentryError } from './errors.ts'

/** The thresholds of the rules of detection (DESIGN.md section 7). A key's policy may override each of them. */
export interface AnomalyThresholds {
  /** high_request_rate fires above this many requests in any 60 s. */
  requestsPerMinute: number
  /** high_error_rate fires above this share (0 to 1) of failed requests in any 5 min … */
  errorRate: number
  /** … that hold at least this many requests. */
  errorMinRequests: number
  /** multiple_ips fires above this many different addresses in any 60 min. */
  ipsPerHour: number
  /** unusual_time fires in an hour of the week that, with its neighbours, holds less than this share of the history … */
  timeMaxShare: number
  /** … once that history spans this many days … */
  timeMinDays: number
  /** … and holds this many requests … */
  timeMinHistory: number
  /** … and the hour itself holds this many. */
  timeMinRequests: number
}

export type Config = ReturnType<typeof readConfig>

/**
 * Reads and checks the whole configuration, once, at a process's start. Empty variables count as absent.
 * @throws MomentryError `CONFIG_INVALID`, one line that names the variable, never its value.
 */
export function readConfig(source: Record<string, string | undefined>) {
  const given = Object.fromEntries(
    Object.entries(withProxies(source)).filter(([, value]) => value !== undefined && value !== ''),
  )
  // Once in a process: to write code for it, as zod does for what is parsed often, takes twice as long as to do it.
  const parsed = environment.safeParse(given, { jitless: true })
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new MomentryError('CONFIG_INVALID', problems.join('; '))
  }
  const env = parsed.data
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    databaseStatementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_SECONDS * 1000,
    /** How Redis is reached where a URL does not say it all. */
    redisAccess: {
      /** The name of the master that the sentinels of REDIS_URL watch; undefined: it names no sentinels. */
      sentinelName: env.REDIS_SENTINEL_NAME,
      /** A file of certificate authorities, PEM, that its certificate may come from. */
      caFile: env.REDIS_CA_FILE,
    },
    redisPrefix: env.MOMENTRY_REDIS_PREFIX,
    host: env.HOST,
    port: env.PORT,
    /** 0: worker and alerter serve no metrics. */
    metricsPort: env.METRICS_PORT,
    /** Where a client finds Momentry, and with which secret it asks. */
    client: {
      url: env.MOMENTRY_URL,
      apiKey: env.MOMENTRY_API_KEY,
      /** Accounts on other systems, and the value of a credential to ask about. */
      accounts: {
        gitea: { name: env.GITEA_USERNAME, password: env.GITEA_PASSWORD, code: env.GITEA_OTP, value: env.GITEA_TOKEN },
        n8n: { name: env.N8N_EMAIL, password: env.N8N_PASSWORD, code: env.N8N_MFA_CODE, value: env.N8N_API_KEY },
      },
    },
    dataDir: resolve(env.MOMENTRY_DATA_DIR),
    /** The first one seals, all of them open; undefined where there is none. */
    masterKeys: env.MOMENTRY_MASTER_KEY,
    cache: { ttlSeconds: env.CACHE_TTL_SECONDS, maxCapacity: env.CACHE_MAX_CAPACITY },
    lockout: {
      maxAttempts: env.RATE_LIMIT_MAX_ATTEMPTS,
      windowSeconds: env.RATE_LIMIT_WINDOW_SECONDS,
      /** So many different secrets from one address within the window are told of as stuffing. */
      stuffingSecrets: env.CREDENTIAL_STUFFING_SECRETS,
    },
    isTrustedProxy: env.TRUSTED_PROXIES,
    usage: { partitions: env.USAGE_PARTITIONS, markerSeconds: env.USAGE_MARKER_SECONDS },
    anomaly: {
      settleSeconds: env.ANOMALY_SETTLE_SECONDS,
      thresholds: {
        requestsPerMinute: env.ANOMALY_REQUESTS_PER_MINUTE,
        errorRate: env.ANOMALY_ERROR_RATE,
        errorMinRequests: env.ANOMALY_ERROR_MIN_REQUESTS,
        ipsPerHour: env.ANOMALY_IPS_PER_HOUR,
        timeMaxShare: env.ANOMALY_TIME_MAX_SHARE,
        timeMinDays: env.ANOMALY_TIME_MIN_DAYS,
        timeMinHistory: env.ANOMALY_TIME_MIN_HISTORY,
        timeMinRequests: env.ANOMALY_TIME_MIN_REQUESTS,
      } satisfies AnomalyThresholds,
    },
    rotation: {
      /** How often secrets are replaced where a key's policy does not say, by type, in seconds. */
      intervals: env.ROTATION_INTERVALS,
    },
    /** How long before a key's expiry people are told, in seconds, the earliest first. */
    expiryNoticeSeconds: env.EXPIRY_NOTICE_SECONDS,
    /** How long what is over is kept, in days. */
    retention: {
      jobs: env.JOB_RETENTION_DAYS,
      usage: env.USAGE_RETENTION_DAYS,
      audit: env.AUDIT_RETENTION_DAYS,
      alerts: env.ALERT_RETENTION_DAYS,
    },
    /** Where GitHub's public keys are, by which reports of leaks are proved. */
    githubLeakKeysUrl: env.GITHUB_LEAK_KEYS_URL,
    backup: readBackup(env),
    integrations: {
      giteaUrl: env.GITEA_URL,
      /** undefined: n8n is not used. */
      n8nUrl: env.N8N_URL,
      timeoutMs: env.INTEGRATION_TIMEOUT_SECONDS * 1000,
      /** A file of certificate authorities, PEM, that other systems' certificates may come from. */
      caFile: env.INTEGRATION_CA_FILE,
      /** The directory of programs that take new credentials; undefined: there are none. */
      hooksDir: env.INTEGRATION_HOOKS_DIR === undefined ? undefined : resolve(env.INTEGRATION_HOOKS_DIR),
      /** Hosts, with their ports where they are not the protocol's own, that new credentials may be sent to. */
      webhookHosts: env.INTEGRATION_WEBHOOK_HOSTS,
      /** Signs what is sent to them (Standard Webhooks). */
      webhookSecret: env.INTEGRATION_WEBHOOK_SECRET,
      proxy: { http: env.HTTP_PROXY, https: env.HTTPS_PROXY, none: env.NO_PROXY },
    },
    /** Where traces are sent; undefined: there are none. */
    tracing:
      env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
            headers: env.OTEL_EXPORTER_OTLP_HEADERS,
            /** undefined: each process has its own. */
            serviceName: env.OTEL_SERVICE_NAME,
            ratio: env.OTEL_TRACES_SAMPLER_ARG,
          },
    alertSinks: {
      /** Hosts, with their ports where they are not the protocol's own, that sinks may lead to wherever they are. */
      hosts: env.ALERT_SINK_HOSTS,
      /** The mail server; undefined: no mail is sent. */
      smtpUrl: env.SMTP_URL,
      /** Whom mails are from. */
      emailFrom: env.ALERT_EMAIL_FROM,
      /** For sinks that are listed in `hosts`. */
      proxy: { http: env.HTTP_PROXY, https: env.HTTPS_PROXY, none: env.NO_PROXY },
    },
    /** The base URL of the pages as people reach it; undefined: alerts hold no links. */
    consoleUrl: env.CONSOLE_URL,
    logLevel: env.LOG_LEVEL,
  }
}

/** Proxies are named in small letters as often as in capitals; where both are there, other programs take the small ones. */
function withProxies(source: Record<string, string | undefined>): Record<string, string | undefined> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  return { ...source, ...Object.fromEntries(names.map((name) => [name, source[name.toLowerCase()] || source[name]])) }
}

/** What a process cannot do without: a store's URL, a master key. @throws MomentryError `CONFIG_INVALID` where it is absent. */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new MomentryError('CONFIG_INVALID', `${name}: is required`)
  return value
}

/** Where backups go: to a bucket where one is named, else to a directory. */
function readBackup(env: z.output<typeof environment>) {
  return {
    /** A cron pattern, in UTC; undefined: none are made by themselves. */
    schedule: env.BACKUP_SCHEDULE === 'off' ? undefined : env.BACKUP_SCHEDULE,
    keep: { daily: env.BACKUP_KEEP_DAILY, weekly: env.BACKUP_KEEP_WEEKLY },
    dir: resolve(env.BACKUP_DIR ?? join(env.MOMENTRY_DATA_DIR, 'backups')),
    s3:
      env.BACKUP_S3_BUCKET === undefined
        ? undefined
        : {
            bucket: env.BACKUP_S3_BUCKET,
            prefix: env.BACKUP_S3_PREFIX,
            /** undefined: AWS itself. */
            endpoint: env.BACKUP_S3_ENDPOINT,
            region: env.BACKUP_S3_REGION,
            /** undefined: the ways by which AWS's programs find theirs. */
            credentials: bothOrNone(env.BACKUP_S3_ACCESS_KEY_ID, env.BACKUP_S3_SECRET_ACCESS_KEY),
          },
  }
}

function bothOrNone(accessKeyId: string | undefined, secretAccessKey: string | undefined) {
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey }
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined
  throw new MomentryError(
    'CONFIG_INVALID',
    'BACKUP_S3_ACCESS_KEY_ID: needs BACKUP_S3_SECRET_ACCESS_KEY, and the other way round',
  )
}
