/** How to reach Momentry. */
export interface HttpOptions {
  /** Where its API is, such as `https://momentry.example`; whatever path it has is kept. */
  url: string
  /** How long one attempt may take, to the end of its answer; 3,000 ms unless told otherwise. */
  timeoutMs?: number
  retry?: RetryOptions
  /** Used in place of the global `fetch`. */
  fetch?: typeof globalThis.fetch
}

export interface RetryOptions {
  /** Attempts after the first; 2 unless told otherwise, 0 for none. */
  retries?: number
  /** The wait before the first retry is between 0 and this, and doubles from then on; 100 ms unless told otherwise. */
  firstDelayMs?: number
  /** The longest wait; 2,000 ms unless told otherwise. Where Momentry asks for a longer one, there is no retry. */
  maxDelayMs?: number
}

export interface HttpSettings {
  /** Without a slash at its end. */
  baseUrl: string
  timeoutMs: number
  retry: Required<RetryOptions>
  fetch: typeof globalThis.fetch
}

/** @throws TypeError that names the option that cannot be */
export function readSettings(options: HttpOptions): HttpSettings {
  const { retries = 2, firstDelayMs = 100, maxDelayMs = 2000 } = options.retry ?? {}
  return {
    baseUrl: readUrl(options.url),
    timeoutMs: readNumber('timeoutMs', options.timeoutMs ?? 3000, 1),
    retry: {
      retries: readNumber('retry.retries', retries, 0),
      firstDelayMs: readNumber('retry.firstDelayMs', firstDelayMs, 0),
      maxDelayMs: readNumber('retry.maxDelayMs', maxDelayMs, 0),
    },
    // Looked up at each call, since tracing tools replace the global one.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  }
}

/** setTimeout takes no more. */
const maxNumber = 2 ** 31 - 1

/** Gives the number that an option holds. @throws TypeError that names the option and its limits */
export function readNumber(name: string, value: number, min: number, max = maxNumber): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}`)
}

/** The URL itself stays out of the messages: people put passwords into URLs. */
function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new TypeError('url must be the http or https URL of Momentry')
  if (url.username || url.password || url.search || url.hash)
    throw new TypeError('url must hold no user, password, query or fragment')
  return url.href.replace(/\/+$/, '')
}
