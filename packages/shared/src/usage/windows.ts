import { randomInt } from 'node:crypto'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { loadScript } from '../platform/redis/script.ts'

const commitScript = loadScript(new URL('./commit.lua', import.meta.url))

/** A key that has been silent for this long is watched anew when it comes back. */
const windowLifeSeconds = 180 * 86_400

/** Of revisions, so that an older worker can go on counting: at a hundred commits a second they last for centuries. */
const maxStep = 2 ** 24

/**
 * Gives the revision after one: a random step further, so that where Redis loses its last commits, those that come in their
 * place lead to no revision that a worker may still remember from before.
 */
function revisionAfter(revision: string): string {
  return String(BigInt(revision) + BigInt(randomInt(1, maxStep)))
}

/** The windows of some keys of one partition, as they were at one revision. */
export interface WindowsRead {
  revision: string
  /** As they are in Redis, by key id; undefined for a key that has no window yet. */
  windows: Map<string, Buffer | undefined>
}

/** What is to happen at once, or not at all. */
export interface Commit {
  revision: string
  /** Entries that are taken into account by this; none where a silence is judged. */
  entryIds: readonly string[]
  windows: readonly { keyId: string; text: string }[]
  /** Keys that are to be judged again at a time (ms), though nothing may come. */
  due: readonly { keyId: string; at: number }[]
  /** Keys that are not to be judged before something comes. */
  calm: readonly string[]
  findings: readonly string[]
  /** The traceparents of the findings, '' where one has none; or no element at all. */
  traces: readonly string[]
  /** Sums for the roll-up, or undefined. */
  sums: string | undefined
  /** How many events the sums hold. */
  counted: number
}

/** Storage of one partition's windows. */
export interface WindowStore {
  read(keyIds: readonly string[]): Promise<WindowsRead>
  /** @returns the next revision; undefined where it did not happen: the caller reads anew, and works it out again (`commit.lua` says when) */
  commit(commit: Commit): Promise<string | undefined>
  /** Gives keys that are to be judged again though nothing may have come. @param now ms */
  readDue(now: number, count: number): Promise<string[]>
}

export function createWindowStore(deps: {
  redis: RedisClient
  names: Names
  partition: number
  group: string
  consumer: string
}): WindowStore {
  const { redis, names, partition: p, group, consumer } = deps
  return {
    async read(keyIds) {
      const [revision, ...windows] = await redis.mgetBuffer(
        names.revision(p),
        ...keyIds.map((id) => names.window(p, id)),
      )
      return {
        revision: revision?.toString() ?? '0',
        windows: new Map(keyIds.map((id, index) => [id, windows[index] ?? undefined])),
      }
    },
    async commit({ revision, entryIds, windows, due, calm, findings, traces, sums, counted }) {
      const next = revisionAfter(revision)
      const shared = [
        ...[names.usageStream(p), names.revision(p), names.due(p), names.rollUp(p), names.anomalyStream(p)],
        names.usageBooks(p),
      ]
      const keys = [...shared, ...windows.map(({ keyId }) => names.window(p, keyId))]
      const args = [
        ...[group, consumer, revision, next, windowLifeSeconds, sums ?? '', counted],
        ...[entryIds.length, ...entryIds],
        ...[findings.length, ...findings],
        ...[traces.length, ...traces],
        ...[2 * due.length, ...due.flatMap(({ keyId, at }) => [at, keyId])],
        ...[calm.length, ...calm],
        ...windows.map(({ text }) => text),
      ]
      return (await commitScript(redis, keys, args)) === 1 ? next : undefined
    },
    readDue: (now, count) => redis.zrangebyscore(names.due(p), '-inf', now, 'LIMIT', 0, count),
  }
}
