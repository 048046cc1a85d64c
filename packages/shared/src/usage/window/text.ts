/*
 * Whole numbers as text: five bits in each character, the lowest first, and a sixth bit that says that more follow. Most
 * numbers of a window take one character. A text is made, sent, kept in memory and read at a fraction of the cost of a
 * Buffer, of which each is an object with a place outside the heap.
 */
const zero = 48
const more = 32
const largestShifted = 2 ** 31

/** Characters of a number of 53 bits. */
const longest = 11

/** Writes numbers and short texts one after the other. */
export interface TextWriter {
  /** @param value whole, from 0 up */
  number(value: number): void
  /** @param value of ASCII */
  text(value: string): void
  /** Gives what was written since the last time. */
  take(): string
}

export function createTextWriter(): TextWriter {
  let bytes = Buffer.allocUnsafe(8192)
  let at = 0

  const makeRoom = (count: number) => {
    if (at + count <= bytes.length) return
    bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length + count)])
  }
  const number = (value: number) => {
    makeRoom(longest)
    let rest = value
    while (rest >= more) {
      bytes[at++] = zero + more + (rest % more)
      rest = rest < largestShifted ? rest >> 5 : Math.floor(rest / more)
    }
    bytes[at++] = zero + rest
  }
  return {
    number,
    text(value) {
      number(value.length)
      makeRoom(value.length)
      for (let index = 0; index < value.length; index += 1) bytes[at++] = value.charCodeAt(index) & 0x7f
    },
    take() {
      const written = bytes.toString('latin1', 0, at)
      at = 0
      return written
    },
  }
}

/** A text, and how far it was read. */
export interface TextCursor {
  readonly text: string
  at: number
}

/** @throws Error where there is none */
export function readNumber(cursor: TextCursor): number {
  let number = 0
  for (let scale = 1; ; scale *= more) {
    const code = cursor.text.charCodeAt(cursor.at) - zero
    cursor.at += 1
    if (!(code >= 0 && code < 2 * more)) throw new Error('it is no number')
    if (code < more) return number + code * scale
    number += (code - more) * scale
  }
}

/** @throws Error where there is none */
export function readText(cursor: TextCursor): string {
  const length = readNumber(cursor)
  const text = cursor.text.slice(cursor.at, cursor.at + length)
  cursor.at += length
  if (text.length < length) throw new Error('the text ends within a text')
  return text
}
