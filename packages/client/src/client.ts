import { type ApiKey, createHttp } from './http/http.ts'
import type { HttpOptions } from './http/settings.ts'
import { createReportUsage, type ReportUsage } from './usage/report.ts'
import { askVerdict } from './validation/ask.ts'
import { type CacheOptions, createValidate, type Validate } from './validation/validate.ts'

export interface ClientOptions extends HttpOptions {
  /**
   * The key of the service that asks. It should hold `keys:validate`, so that failed attempts are counted for the address
   * that made them and not for the service, and `usage:write`. A function is asked for each request, and once more after a 401.
   */
  apiKey: ApiKey
  /** The memory of good verdicts. */
  cache?: CacheOptions
}

/** What a service asks of Momentry. */
export interface MomentryClient {
  /**
   * Checks a secret. A good verdict is remembered for a second (see `cache`); one that comes from memory is not recorded as
   * a use by Momentry, so where uses count, report them and pass `recordUsage: false`, as the middleware does.
   */
  validate: Validate
  /** Reports usage now. `createUsageReporter` does so in batches, without making anyone wait. */
  reportUsage: ReportUsage
}

/**
 * Makes a client of Momentry.
 * @example
 * const momentry = createClient({ url: 'https://momentry.example', apiKey: process.env.MOMENTRY_API_KEY })
 * const verdict = await momentry.validate(secret, { scopes: ['invoices:read'] })
 * @throws TypeError for an option that cannot be
 */
export function createClient(options: ClientOptions): MomentryClient {
  const http = createHttp(options)
  return {
    validate: createValidate((question) => askVerdict(http, question), options.cache),
    reportUsage: createReportUsage(http),
  }
}
