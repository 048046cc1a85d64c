import { StringDecoder } from 'node:string_decoder'
import { maxLineLength } from '@momentry/shared/access-log/parse.ts'

export interface NumberedLine {
  /** From 1. */
  number: number
  /** Cut where it is longer than any line that can be read. */
  text: string
}

/** Splits bytes of UTF-8 into lines. A line's memory is bounded, however long it is. @param maxLength characters */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxLength = maxLineLength,
): AsyncGenerator<NumberedLine> {
  const decoder = new StringDecoder('utf8')
  let number = 0
  let rest = ''
  for await (const chunk of chunks) {
    const parts = (rest + decoder.write(chunk)).split('\n')
    rest = (parts.pop() ?? '').slice(0, maxLength + 1)
    for (const part of parts) {
      number += 1
      yield { number, text: part.endsWith('\r') ? part.slice(0, -1) : part }
    }
  }
  rest += decoder.end()
  if (rest !== '') yield { number: number + 1, text: rest }
}
