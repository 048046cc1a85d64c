import { Packr } from 'msgpackr'
import { packNumbers, unpackNumbers } from './numbers.ts'
import { type AddressSpan, emptyWindow, type SecondCount, type Window } from './window.ts'

/*
 * A window as bytes. Numbers are written as differences (of seconds, to `newest`), so that most take one byte: a key
 * with 1,000 requests a minute from six addresses takes about 2.5 KB. It is read and written for each key of each batch, so
 * the check of what is read is by hand.
 */
const packr = new Packr({ useRecords: false, mapsAsObjects: true })

/** What `packWindow` gives: version, newest second, seconds, addresses with their spans, and the habit. */
type Packed = [1, number, Numbers, [string, number[]][], [number, Numbers, number[]]]

/** As they are, or, where there are many, as `packNumbers` writes them; older versions wrote all of them as they are. */
type Numbers = readonly number[] | Uint8Array

/** Gives a value that msgpack writes small. */
export function packWindow(window: Window): Packed {
  const { newest, addresses, habit } = window
  return [
    1,
    newest,
    packSeconds(window),
    [...addresses].map(([address, spans]) => [
      address,
      spans.flatMap(({ first, last }) => [newest - first, newest - last]),
    ]),
    [
      habit.since,
      packList(habit.hoursOfWeek.some((count) => count > 0) ? habit.hoursOfWeek : []),
      habit.recent.flatMap(({ hour, requests }) => [hour, requests]),
    ],
  ]
}

/** Older than any second of a window. */
const beforeAll = 1000

function packSeconds({ newest, seconds }: Window): Numbers {
  const flat = new Array<number>(3 * seconds.length)
  let before = newest - beforeAll
  let at = 0
  for (const { second, requests, errors } of seconds) {
    flat[at] = second - before
    flat[at + 1] = requests
    flat[at + 2] = errors
    at += 3
    before = second
  }
  return packList(flat)
}

/** A list that is shorter than this is written and read faster as it is. */
const longList = 32

function packList(numbers: readonly number[]): Numbers {
  return numbers.length < longList ? numbers : packNumbers(numbers)
}

/** @throws Error where the value was not made by `packWindow` */
export function unpackWindow(value: unknown): Window {
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

/** Writes a value as bytes. */
export function pack(value: unknown): Buffer {
  return packr.pack(value)
}

/** Reads bytes of `pack`. @throws where they are not */
export function unpack(bytes: Buffer): unknown {
  return packr.unpack(bytes)
}
