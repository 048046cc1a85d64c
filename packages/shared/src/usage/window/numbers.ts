/*
 * Whole numbers as bytes: seven bits in each, the lowest first, and the eighth says that more follow. Most numbers of a
 * window take one byte, and are read and written at several times the speed of msgpack's arrays.
 */
const more = 0x80

/** Long enough for any number of 53 bits. */
const bytesPerNumber = 8

/** Where numbers are written, before as many bytes as they took are copied from it. */
let scratch = new Uint8Array(32_768)

/** Writes whole numbers from 0 up as bytes. */
export function packNumbers(numbers: readonly number[]): Uint8Array {
  if (scratch.length < numbers.length * bytesPerNumber) scratch = new Uint8Array(numbers.length * bytesPerNumber)
  const bytes = scratch
  let at = 0
  for (let index = 0; index < numbers.length; index += 1) {
    let rest = numbers[index] ?? 0
    while (rest >= more) {
      bytes[at++] = (rest % more) + more
      rest = Math.floor(rest / more)
    }
    bytes[at++] = rest
  }
  return bytes.slice(0, at)
}

/** Reads the bytes of `packNumbers`. @throws Error where they end within a number */
export function unpackNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = []
  for (let at = 0; at < bytes.length; at += 1) {
    let byte = bytes[at] ?? 0
    let number = byte & 0x7f
    for (let scale = more; byte >= more; scale *= more) {
      at += 1
      if (at === bytes.length) throw new Error('the bytes end within a number')
      byte = bytes[at] ?? 0
      number += (byte & 0x7f) * scale
    }
    numbers.push(number)
  }
  return numbers
}
