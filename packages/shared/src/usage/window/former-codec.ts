import { Unpackr } from 'msgpackr'
import { type AddressSpan, emptyWindow, type SecondCount, type Window } from './window.ts'

/*
 * What older versions wrote of a window: msgpack, with long lists of numbers as bytes of seven bits. It is read once for
 * each key, which is written as `codec.ts` has it from then on.
 */
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true })
const more = 0x80
const beforeAll = 1000

/** @throws where the bytes are none that an older version wrote */
export function unpackFormer(bytes: Buffer): readonly unknown[] {
  return listOf(unpackr.unpack(bytes))
}

/** @throws Error where the value is no window */
export function windowOfFormer(value: unknown): Window {
  const [version, newest, seconds, addresses, habit] = listOf(value)
  const [since, hoursOfWeek, recent] = listOf(habit)
  if (version !== 1 || typeof newest !== 'number' || typeof since !== 'number') throw new Error('it is no window')
  const hours = numbersOf(hoursOfWeek)
  return {
    newest,
    seconds: unpackSeconds(newest, numbersOf(seconds)),
    addresses: new Map(listOf(addresses).map((packed) => unpackAddress(newest, packed))),
    habit: {
      since,
      hoursOfWeek: hours.length > 0 ? hours : emptyWindow().habit.hoursOfWeek,
      recent: pairs(numbersOf(recent), (hour, requests) => ({ hour, requests })),
    },
  }
}

function unpackAddress(newest: number, packed: unknown): [string, AddressSpan[]] {
  const [address, spans] = listOf(packed)
  if (typeof address !== 'string') throw new Error('it is no address')
  return [address, pairs(numbersOf(spans), (first, last) => ({ first: newest - first, last: newest - last }))]
}

/** @throws Error where it is none */
export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('it is no list')
  return value
}

function numbersOf(value: unknown): number[] {
  if (value instanceof Uint8Array) return unpackNumbers(value)
  const list = listOf(value)
  if (!list.every((number) => typeof number === 'number')) throw new Error('they are no numbers')
  return [...list]
}

function unpackNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = []
  let number = 0
  let scale = 1
  for (const byte of bytes) {
    number += (byte & 0x7f) * scale
    scale *= more
    if (byte >= more) continue
    numbers.push(number)
    number = 0
    scale = 1
  }
  if (scale > 1) throw new Error('the bytes end within a number')
  return numbers
}

function unpackSeconds(newest: number, flat: readonly number[]): SecondCount[] {
  const seconds: SecondCount[] = []
  let second = newest - beforeAll
  for (let at = 0; at < flat.length; at += 3) {
    second += flat[at] ?? 0
    seconds.push({ second, requests: flat[at + 1] ?? 0, errors: flat[at + 2] ?? 0 })
  }
  return seconds
}

function pairs<T>(values: readonly number[], make: (first: number, second: number) => T): T[] {
  const made: T[] = []
  for (let at = 0; at < values.length; at += 2) made.push(make(values[at] ?? 0, values[at + 1] ?? 0))
  return made
}
