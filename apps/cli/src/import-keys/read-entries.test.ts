import { describe, expect, it } from 'vitest'
import { type ImportFormat, readEntries } from './read-entries.ts'

const read = (text: string, format: ImportFormat) => {
  const bytes = Buffer.from(text)
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 5) yield bytes.subarray(at, at + 5)
  }
  return Array.fromAsync(readEntries(pieces(), format))
}

describe('readEntries', () => {
  it('reads lines of JSON, and tells which cannot be read', async () => {
    expect(await read('\u{feff}{"name":"é"}\r\n\n[1]\nnonsense\n{"a":1}', 'ndjson')).toEqual([
      { line: 1, fields: { name: 'é' } },
      { line: 3, problem: 'is no JSON object' },
      { line: 4, problem: 'is no JSON object' },
      { line: 5, fields: { a: 1 } },
    ])
  })

  it('reads CSV by the names in its first line, with quotes, scopes and metadata', async () => {
    const text = [
      '\u{feff}digest, name,scopes,metadata.team,metadata,ownerId',
      'abc,"one, ""two""\nthree",a:read b:read,pay,"{""x"":1}",',
      'def,four,,,,me',
    ].join('\n')
    expect(await read(text, 'csv')).toEqual([
      {
        line: 3,
        fields: {
          digest: 'abc',
          name: 'one, "two"\nthree',
          scopes: ['a:read', 'b:read'],
          metadata: { x: 1, team: 'pay' },
        },
      },
      { line: 4, fields: { digest: 'def', name: 'four', ownerId: 'me' } },
    ])
  })

  it('ends where a file of CSV cannot be read on', async () => {
    async function* broken() {
      yield Buffer.from('digest\na\n')
      throw new Error('the disk is gone')
    }
    await expect(Array.fromAsync(readEntries(broken(), 'csv'))).rejects.toThrow('the disk is gone')
    await expect(read('digest\n"never closed', 'csv')).resolves.toEqual([
      { line: expect.any(Number), problem: expect.stringContaining('Quote') },
    ])
  })

  it('goes on behind a line of CSV that has too many cells', async () => {
    const entries = await read('digest,name\na,b,c\nd,e\n', 'csv')
    expect(entries).toEqual([
      { line: 2, problem: expect.stringContaining('Record') },
      { line: 3, fields: { digest: 'd', name: 'e' } },
    ])
  })
})
