import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { pinned } from '../harness/pin.ts'

const run = promisify(execFile)
const pipeline = 100

/**
 * The floor of taking events: Redis' own load program adds entries of so many bytes to a stream, 100 in a pipeline, over one
 * connection. It has the core that Redis has not.
 * @returns entries added per second
 */
export async function addEntries(redisUrl: string, { bytes, seconds }: { bytes: number; seconds: number }) {
  const redis = new Redis(redisUrl)
  const stream = 'bench:xadd'
  const add = async (count: number) => {
    await redis.del(stream)
    const of = ['-u', redisUrl, '-P', String(pipeline), '-c', '1', '-n', String(count), '--csv']
    const [command, args] = pinned('subject', 'redis-benchmark', [
      ...of,
      ...['XADD', stream, '*', 'batch', 'x'.repeat(bytes)],
    ])
    const { stdout } = await run(command, args)
    const rate = Number(/^"XADD[^"]*","([\d.]+)"/m.exec(stdout)?.[1])
    if (!(rate > 0) || (await redis.xlen(stream)) < count)
      throw new Error(`redis-benchmark measured nothing:\n${stdout}`)
    return rate
  }
  try {
    const guess = await add(20_000)
    return await add(Math.ceil(guess * seconds))
  } finally {
    await redis.unlink(stream)
    redis.disconnect()
  }
}
