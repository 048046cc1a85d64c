/** A person's or a supervisor's wish that everything stops. */
export interface StopRequest {
  /** Aborted by the first signal. */
  stop: AbortSignal
  /** Aborted by a second one: do not wait for anything to drain. */
  hurry: AbortSignal
}

/** npm passes on the signal that a terminal sends to both of us: what comes within this time is the same wish. */
const sameWishMs = 1_000

/** How often to look whether npm still lives. */
const parentCheckMs = 500

/**
 * Listens for SIGINT, SIGTERM and SIGHUP (a terminal that closes). Where npm has started this process, its end counts as
 * a signal too: killed, it passes nothing on, and everything would run on unseen.
 */
export function listenForStop(): StopRequest {
  const stop = new AbortController()
  const hurry = new AbortController()
  let first = 0
  const onSignal = () => {
    if (!stop.signal.aborted) {
      first = performance.now()
      stop.abort()
    } else if (performance.now() - first > sameWishMs) hurry.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  if (process.env['npm_lifecycle_event'] === 'start') watchParent(stop)
  return { stop: stop.signal, hurry: hurry.signal }
}

function watchParent(stop: AbortController): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) stop.abort()
  }, parentCheckMs)
  timer.unref()
}

/** Resolves once a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
