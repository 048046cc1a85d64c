import { type Finding, judgeAmount, judgeFact, ok, showSeconds } from '../finding.ts'
import type { StreamReading, StreamsReading } from './read.ts'

/** How long an entry waits, in seconds: workers and alerters take milliseconds. */
const waiting = { warning: 10, failed: 60 }
/** A consumer that holds entries and asked for nothing for so long is dead or stuck; others take them over long before. */
const staleMs = 60_000
/** Each alerter asks each second. */
const aliveMs = 15_000

/** @param configured how many partitions a process that started here and now would use */
export function judgeStreams(reading: StreamsReading, configured: number): Finding[] {
  const { agreed, usage, anomalies } = reading
  return [
    judgeFact(
      'streams.partitions',
      agreed === undefined || agreed === configured,
      agreed === undefined ? 'not agreed on yet: no process has started' : `${agreed}`,
      `USAGE_PARTITIONS is ${configured} here: no process starts with that`,
      'warning',
    ),
    ...judgeWorkers(reading),
    judgeAlerters(anomalies),
    ...judgeKind('usage', usage, 'start more workers, and look at their logs'),
    ...judgeKind('anomalies', anomalies, 'look at the logs of the alerters, and at Postgres'),
  ]
}

function judgeWorkers({ workers, unheld, usage }: StreamsReading): Finding[] {
  if (workers === 0)
    return [
      {
        check: 'streams.workers',
        level: 'failed',
        figure: 'none runs',
        advice: 'start a worker: usage only waits now',
      },
    ]
  return [
    ok('streams.workers', `${workers}`),
    judgeFact(
      'streams.leases',
      unheld.length === 0,
      unheld.length === 0
        ? `each of ${usage.length} partitions has a worker`
        : `no worker has partition ${list(unheld)}`,
      'look again in a few seconds: a worker takes over what another one left. If it stays so, restart the workers',
      'warning',
    ),
  ]
}

function judgeAlerters(anomalies: readonly StreamReading[]): Finding {
  const names = anomalies.flatMap(({ consumers }) => consumers.filter(({ idleMs }) => idleMs < aliveMs))
  const alive = new Set(names.map(({ name }) => name)).size
  return judgeFact(
    'streams.alerters',
    alive > 0,
    alive > 0 ? `${alive}` : 'none runs',
    'start an alerter: anomalies are neither noted nor told',
  )
}

function judgeKind(kind: 'usage' | 'anomalies', streams: readonly StreamReading[], advice: string): Finding[] {
  const total = streams.reduce((sum, { length }) => sum + length, 0)
  const oldest = Math.max(0, ...streams.map(({ oldestMs }) => oldestMs)) / 1_000
  const behind = streams.filter(({ oldestMs }) => oldestMs >= waiting.warning * 1_000)
  const where = behind.length === 0 ? '' : ` (partition ${list(behind.map(({ partition }) => partition))})`
  return [
    judgeAmount(
      `streams.${kind}.lag`,
      oldest,
      waiting,
      total === 0 ? 'nothing waits' : `${total} entries wait, the oldest for ${showSeconds(oldest)}${where}`,
      advice,
    ),
    judgeStale(kind, streams),
    judgeWhole(kind, streams),
    judgeDead(kind, streams),
  ]
}

function judgeStale(kind: string, streams: readonly StreamReading[]): Finding {
  const stale = streams.flatMap(({ partition, consumers }) =>
    consumers
      .filter(({ pending, idleMs }) => pending > 0 && idleMs > staleMs)
      .map(
        ({ name, pending, idleMs }) => `${name} holds ${pending} of {${partition}} for ${showSeconds(idleMs / 1_000)}`,
      ),
  )
  return judgeFact(
    `streams.${kind}.consumers`,
    stale.length === 0,
    stale.length === 0 ? 'none holds on to entries' : stale.join(', '),
    'it died or is stuck, and nobody took over from it: restart the processes of its kind',
  )
}

/** Every entry is yet to be handed out, or pending: what is neither will never be dealt with. */
function judgeWhole(kind: string, streams: readonly StreamReading[]): Finding {
  const wrong = streams.filter(({ length, unread, pending }) => unread !== undefined && length !== unread + pending)
  return judgeFact(
    `streams.${kind}.entries`,
    wrong.length === 0,
    wrong.length === 0
      ? 'each is yet to be handed out, or pending'
      : wrong
          .map(({ partition, length, unread, pending }) => `{${partition}}: ${length} ≠ ${unread} + ${pending} pending`)
          .join(', '),
    'somebody removed or acknowledged entries around Momentry: see docs/doctor.md',
  )
}

function judgeDead(kind: string, streams: readonly StreamReading[]): Finding {
  const dead = streams.filter((stream) => stream.dead > 0)
  return judgeFact(
    `streams.${kind}.dead-letters`,
    dead.length === 0,
    dead.length === 0 ? 'none' : dead.map(({ partition, dead: count }) => `{${partition}}: ${count}`).join(', '),
    'nobody could read them; see "Dead letters" in docs/doctor.md',
  )
}

function list(numbers: readonly number[]): string {
  return numbers.map((number) => `{${number}}`).join(', ')
}
