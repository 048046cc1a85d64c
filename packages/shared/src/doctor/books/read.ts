import { z } from 'zod'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { decodeEntry } from '../../usage/entry.ts'
import { isCounted } from '../../usage/event.ts'
import { readColumns } from '../../usage/roll-up/columns.ts'
import { addMonths, type Months } from './months.ts'

/** What became of the usage events of one partition, at one moment. */
export interface PartitionBooks {
  partition: number
  /** Events that came onto the stream, each once. */
  accepted: number
  /** Of these, on the stream; undefined: there, or among the dead ones, are too many to count. */
  waiting: number | undefined
  /** Of these, in the dead-letter stream, as far as they can be read. */
  dead: number
  /** Of these, those that an operator gave up, as docs/doctor.md tells. */
  givenUp: number
  /** Of these, those that were taken into account by a worker. */
  folded: number
  /** Of the folded ones, those whose sums wait in Redis; undefined: there are too many to count. */
  summing: Months | undefined
  /** Of the folded ones, those whose sums are in Postgres. */
  carried: Months
  /** When the first ones were carried, s; undefined: none were. */
  since: number | undefined
}

/** Entries of a stream, and sums, that are read at the most: some 20 MB if all of them are as large as they can be. */
const most = 500

const texts = z.array(z.string())
const entries = z.array(z.tuple([z.string(), texts]))
const reply = z.tuple([z.record(z.string(), z.string()), entries, entries, texts, texts])

/** Reads the books of a partition, all of it at once: nothing moves in between. */
export async function readBooks(redis: RedisClient, names: Names, partition: number): Promise<PartitionBooks> {
  const answers = await redis
    .multi()
    .hgetall(names.usageBooks(partition))
    .xrange(names.usageStream(partition), '-', '+', 'COUNT', most + 1)
    .xrange(names.usageDead(partition), '-', '+', 'COUNT', most + 1)
    .lrange(names.rollUp(partition), 0, most)
    // The first one is the flush's id.
    .lrange(names.rollUpFlush(partition), 1, -1)
    .exec()
  const failed = answers?.find(([error]) => error)?.[0]
  if (failed) throw failed
  const [books, waiting, dead, sums, aside] = reply.parse(answers?.map(([, answer]) => answer))
  const amount = (field: string) => Number(books[field] ?? 0)
  return {
    partition,
    accepted: amount('accepted'),
    waiting: Math.max(waiting.length, dead.length) > most ? undefined : countEvents(waiting),
    dead: countEvents(dead),
    givenUp: amount('given-up'),
    folded: amount('folded'),
    summing:
      sums.length > most
        ? undefined
        : addMonths([...aside, ...sums].map((text) => new Map(Object.entries(readColumns(text).months)))),
    carried: new Map(
      Object.keys(books).flatMap((field) =>
        field.startsWith('carried:') ? [[field.slice('carried:'.length), amount(field)] as const] : [],
      ),
    ),
    since: books['since'] === undefined ? undefined : amount('since'),
  }
}

/** What cannot be read was never counted. */
function countEvents(found: z.infer<typeof entries>): number {
  return found.reduce((sum, [, fields]) => sum + countEntry(fields[fields.indexOf('batch') + 1] ?? ''), 0)
}

function countEntry(text: string): number {
  try {
    return decodeEntry(text).filter(isCounted).length
  } catch {
    return 0
  }
}
