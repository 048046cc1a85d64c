import { resolve } from 'node:path'
import { z } from 'zod'
import { MomentryError } from './errors.ts'
import { type KeyType, keyTypes } from './keys/kinds.ts'
import { parseAddressRanges } from './platform/address-range.ts'

const integer = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)

const share = (fallback: number) =>
  z
    .string()
    .regex(/^\d*\.?\d+$/, 'must be a number between 0 and 1')
    .transform(Number)
    .pipe(z.number().gt(0).lte(1))
    .default(fallback)

/** 32 bytes in base64. */
const masterKey = /^[A-Za-z0-9+/]{43}=$/

/** Master keys, comma-separated: the first one seals, all of them open. */
const masterKeys = z.string().transform((text, context): [string, ...string[]] => {
  const [first = '', ...others] = text.split(',').map((part) => part.trim())
  if ([first, ...others].every((key) => masterKey.test(key))) return [first, ...others]
  const message = 'must be 32 bytes in base64 (make one: openssl rand -base64 32), or several, comma-separated'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** Reads master keys from a text that is none of the environment's. @throws ZodError, without the text */
export function parseMasterKeys(text: string): [string, ...string[]] {
  return masterKeys.parse(text)
}

/** `service=7776000,integration=2592000`: seconds by type of key. */
const intervalsByType = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').filter((part) => part.trim() !== '')
    const parsed = entries.map((entry) => /^\s*([a-z]+)\s*=\s*(\d{2,9})\s*$/.exec(entry))
    const intervals: Partial<Record<KeyType, number>> = {}
    for (const match of parsed) {
      const type = keyTypes.find((known) => known === match?.[1])
      if (type && type !== 'emergency' && Number(match?.[2]) >= 60) intervals[type] = Number(match?.[2])
    }
    if (Object.keys(intervals).length === entries.length) return intervals
    context.addIssue({
      code: 'custom',
      message: 'must be like service=7776000,user=2592000: seconds (60 or more) by type of key, but emergency',
    })
    return z.NEVER
  })

/** Numbers of seconds, comma-separated, in descending order. */
const descendingSeconds = (fallback: string) =>
  z
    .string()
    .regex(/^\d{1,9}(,\d{1,9})*$/, 'must be seconds, comma-separated')
    .default(fallback)
    .transform((text) => [...new Set(text.split(',').map(Number))].sort((a, b) => b - a))

/** Hosts, comma-separated: `hooks.example.com`, `hooks.example.com:8443`. */
const hosts = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim().toLowerCase()))
  .transform((parts) => parts.filter(Boolean))
  .refine((parts) => parts.every((part) => /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(part)), {
    message: 'must be hosts, comma-separated: hooks.example.com, hooks.example.com:8443',
  })

/** The Standard Webhooks specification wants 24 to 64 bytes, in base64, behind this prefix. */
const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'must be whsec_ and 24 to 64 bytes in base64')

/** Of an account on another system, for the command line. */
const accountText = z.string().max(4000).optional()

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })

/** Where another system is. A URL is no place for credentials, and a query would get lost. */
const serverUrl = httpUrl
  .refine((text) => isBareUrl(text), 'must hold no user name, password, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''))

function isBareUrl(text: string): boolean {
  const { username, password, search, hash } = new URL(text)
  return [username, password, search, hash].every((part) => part === '')
}

/** Gives what tells whether an address is one of those in a comma-separated list, or in a range of it. */
const addressRanges = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').map((part) => part.trim())
    const isInRanges = parseAddressRanges(entries.filter(Boolean))
    if (isInRanges) return isInRanges
    context.addIssue({ code: 'custom', message: 'must be addresses or CIDR ranges, comma-separated' })
    return z.NEVER
  })

/** Every variable, by its name: `readConfig` reads them, docs/configuration.md explains them. */
export const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?:\/\/[^,]+(,rediss?:\/\/[^,]+)*$/,
      'must be a redis:// or rediss:// URL (a cluster: comma-separated)',
    )
    .optional(),
  DATABASE_POOL_SIZE: integer(10, 1, 500),
  MOMENTRY_REDIS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,40}$/, 'must be 1 to 40 of A-Z a-z 0-9 _ . -')
    .default('momentry'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: integer(8080, 0, 65_535),
  METRICS_PORT: integer(0, 0, 65_535),
  MOMENTRY_URL: httpUrl.optional(),
  MOMENTRY_API_KEY: z.string().min(1).max(200).optional(),
  MOMENTRY_DATA_DIR: z.string().min(1).default('.momentry'),
  MOMENTRY_MASTER_KEY: masterKeys.optional(),
  CACHE_TTL_SECONDS: integer(300, 1, 86_400),
  CACHE_MAX_CAPACITY: integer(10_000, 1, 10_000_000),
  RATE_LIMIT_MAX_ATTEMPTS: integer(5, 1, 1_000_000),
  RATE_LIMIT_WINDOW_SECONDS: integer(900, 1, 86_400),
  TRUSTED_PROXIES: addressRanges,
  USAGE_PARTITIONS: integer(8, 1, 256),
  USAGE_MARKER_SECONDS: integer(86_400, 60, 604_800),
  ANOMALY_REQUESTS_PER_MINUTE: integer(1000, 1, 1_000_000_000),
  ANOMALY_ERROR_RATE: share(0.5),
  ANOMALY_ERROR_MIN_REQUESTS: integer(20, 1, 1_000_000_000),
  ANOMALY_IPS_PER_HOUR: integer(5, 1, 1000),
  ANOMALY_TIME_MAX_SHARE: share(0.001),
  ANOMALY_TIME_MIN_DAYS: integer(14, 1, 3650),
  ANOMALY_TIME_MIN_HISTORY: integer(200, 1, 1_000_000_000),
  ANOMALY_TIME_MIN_REQUESTS: integer(3, 1, 1_000_000_000),
  ANOMALY_SETTLE_SECONDS: integer(2, 0, 60),
  ROTATION_INTERVALS: intervalsByType,
  EXPIRY_NOTICE_SECONDS: descendingSeconds('604800,86400'),
  JOB_RETENTION_DAYS: integer(30, 1, 3650),
  GITEA_URL: serverUrl.prefault('http://localhost:3000'),
  N8N_URL: serverUrl.optional(),
  INTEGRATION_TIMEOUT_SECONDS: integer(10, 1, 300),
  INTEGRATION_CA_FILE: z.string().min(1).optional(),
  INTEGRATION_HOOKS_DIR: z.string().min(1).optional(),
  INTEGRATION_WEBHOOK_HOSTS: hosts,
  INTEGRATION_WEBHOOK_SECRET: webhookSecret.optional(),
  HTTP_PROXY: httpUrl.optional(),
  HTTPS_PROXY: httpUrl.optional(),
  NO_PROXY: z.string().optional(),
  GITEA_USERNAME: accountText,
  GITEA_PASSWORD: accountText,
  GITEA_OTP: accountText,
  GITEA_TOKEN: accountText,
  N8N_EMAIL: accountText,
  N8N_PASSWORD: accountText,
  N8N_MFA_CODE: accountText,
  N8N_API_KEY: accountText,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

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
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new MomentryError('CONFIG_INVALID', problems.join('; '))
  }
  const env = parsed.data
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
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
    lockout: { maxAttempts: env.RATE_LIMIT_MAX_ATTEMPTS, windowSeconds: env.RATE_LIMIT_WINDOW_SECONDS },
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
    jobRetentionDays: env.JOB_RETENTION_DAYS,
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
