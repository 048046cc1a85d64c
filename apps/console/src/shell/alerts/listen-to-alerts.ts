import type { Severity } from '../../parts/badges/tones.ts'

/** What of an alert the console reads; kinds of alerts differ in the rest. */
export interface LiveAlert {
  type: string
  timestamp: string
  data: {
    id: string
    keyId?: string
    keyName?: string
    rule?: string
    severity?: Severity
    explanation?: string
  }
}

const longestWaitMs = 60_000

/**
 * Listens to the API's stream of alerts. The browser comes back by itself after a break, with the number of the last
 * alert; where the API refused it, this does. @returns what ends it
 */
export function listenToAlerts(tell: (alert: LiveAlert) => void): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let lastId = ''

  const open = () => {
    source = new EventSource(lastId ? `/v1/alerts/stream?since=${encodeURIComponent(lastId)}` : '/v1/alerts/stream')
    source.onopen = () => {
      failures = 0
    }
    source.addEventListener('alert', (event) => {
      if (!(event instanceof MessageEvent)) return
      lastId = event.lastEventId
      const alert = parse(event.data)
      if (alert) tell(alert)
    })
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return
      failures += 1
      timer = setTimeout(open, Math.min(longestWaitMs, 2_000 * 2 ** failures))
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}

function parse(text: string): LiveAlert | undefined {
  try {
    return JSON.parse(text) as LiveAlert
  } catch {
    return undefined
  }
}
