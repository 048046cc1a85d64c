import { Gauge, type Registry } from '@momentry/shared/platform/process/metrics.ts'
import type { RedisClient } from '@momentry/shared/platform/redis/client.ts'
import type { Names } from '@momentry/shared/platform/redis/names.ts'
import { readLag } from '@momentry/shared/streams/lag.ts'

interface StreamDeps {
  redis: RedisClient
  names: Names
  partitions: number
}

/**
 * Shows how much is on the streams, read when the metrics are: `lag`, what nobody has dealt with; `pending`, what of it
 * was handed out; `dead`, what could not be read. While Redis is away the figures are left out: nobody knows them.
 */
export function showStreams(registry: Registry, deps: StreamDeps): void {
  new Gauge({
    name: 'momentry_stream_entries',
    help: 'Entries on the streams, by stream, partition and state (lag, pending, dead)',
    labelNames: ['stream', 'partition', 'state'] as const,
    registers: [registry],
    async collect() {
      const figures = await Promise.all(places(deps).map((place) => readPlace(deps.redis, place))).catch(() => [])
      this.reset()
      for (const { stream, partition, ...states } of figures) {
        for (const [state, entries] of Object.entries(states)) this.set({ stream, partition, state }, entries)
      }
    },
  })
}

interface Place {
  stream: string
  partition: number
  name: string
  deadName: string
}

async function readPlace(redis: RedisClient, { stream, partition, name, deadName }: Place) {
  const [lag, dead] = await Promise.all([readLag(redis, name), redis.xlen(deadName)])
  return { stream, partition, lag: lag.length, pending: lag.pending, dead }
}

function places({ names, partitions }: StreamDeps): Place[] {
  return Array.from({ length: partitions }, (_, partition) => [
    { stream: 'usage', partition, name: names.usageStream(partition), deadName: names.usageDead(partition) },
    { stream: 'anomalies', partition, name: names.anomalyStream(partition), deadName: names.anomalyDead(partition) },
  ]).flat()
}
