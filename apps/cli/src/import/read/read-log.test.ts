import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readLog } from './read-log.ts'

const now = Date.UTC(2026, 0, 1)
const line = (client: string, agent: string) =>
  `${client} - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "${agent}"`

function read(chunks: readonly (Buffer | string)[]) {
  const stdin = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
  return readLog({ file: '-', stdin, nameOf: (entry) => entry.userAgent ?? '-', now })
}

function all({ events }: Awaited<ReturnType<typeof read>>) {
  const sorted = events.sorted(now)
  return Array.from({ length: sorted.length }, (_, index) => sorted.at(index))
}

describe('readLog', () => {
  const text = `${line('192.0.2.1', 'curl é')}\r\n\n${line('host.example', 'x')}\n`

  it('reads lines however the bytes are divided', async () => {
    const bytes = Buffer.from(text)
    const log = await read(Array.from(bytes, (byte) => Buffer.from([byte])))
    expect(log.lines).toBe(2)
    expect(all(log)).toEqual([
      { at: Date.UTC(2015, 4, 17, 10, 5, 3), value: 'curl é', ip: '192.0.2.1', status: 200 },
      { at: Date.UTC(2015, 4, 17, 10, 5, 3), value: 'x', ip: undefined, status: 200 },
    ])
    expect(log.digest).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('unpacks gzip, of several members too, whatever the name', async () => {
    const half = Math.floor(text.length / 2)
    const log = await read([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))])
    expect(all(log)).toEqual(all(await read([text])))
  })

  it('counts lines that it cannot read and names them, and reads the others', async () => {
    const log = await read([`nonsense\n${text}{}`])
    expect(log.unreadable.count).toBe(2)
    expect(log.unreadable.lines.map(({ line: number }) => number)).toEqual([1, 5])
    expect(log.events.length).toBe(2)
  })

  it('makes no event of the header of a tar archive, and tells the line', async () => {
    const header = Buffer.alloc(512)
    header.write('access.log')
    header.write('ustar', 257)
    const log = await read([gzipSync(Buffer.concat([header, Buffer.from(text), Buffer.alloc(1024)]))])
    expect(log.events.values).toEqual(['x'])
    expect(log.unreadable.lines.map(({ line: number, reason }) => [number, reason])).toEqual([
      [1, 'holds control characters'],
      [4, 'holds control characters'],
    ])
  })

  it.each([
    ['2027', /future/],
    ['1969', /before 1970/],
  ])('leaves out events of %s, which the server would refuse', async (year, reason) => {
    const log = await read([line('192.0.2.1', 'x').replace('2015', year)])
    expect(log.unreadable.lines[0]?.reason).toMatch(reason)
    expect(log.events.length).toBe(0)
  })

  it('leaves out an address that the API would not take, and counts the event', async () => {
    const log = await read([line('::ffff:192.0.2.1', 'x'), '\n', line('2001:db8::1', 'x')])
    expect(log.events.length).toBe(2)
    expect(all(log)[1]?.ip).toBe('2001:db8::1')
  })

  it('reads a line that is too long in bounded memory, and goes on after it', async () => {
    const log = await read([...Array.from({ length: 300 }, () => 'x'.repeat(1000)), '\n', text])
    expect(log.unreadable).toMatchObject({ count: 1, lines: [{ line: 1, reason: expect.stringMatching(/longer/) }] })
    expect(log.events.length).toBe(2)
  })

  it('refuses gzip that is cut short', async () => {
    await expect(read([gzipSync(text).subarray(0, 40)])).rejects.toThrow(/cut short; nothing was sent/)
  })

  it('says that a file is not there', async () => {
    const missing = readLog({ file: '/nonexistent/access.log', stdin: Readable.from([]), nameOf: () => '-', now })
    await expect(missing).rejects.toMatchObject({ message: '/nonexistent/access.log: no such file', exitCode: 2 })
  })
})
