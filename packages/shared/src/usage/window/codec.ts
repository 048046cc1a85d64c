import { Packr } from 'msgpackr'
import { z } from 'zod'
import { emptyWindow, type Window } from './window.ts'

/*
 * A window as bytes. Numbers are written as differences (of seconds, to `newest`), so that most take one byte: a key
 * with 1,000 requests a minute from six addresses takes about 2.5 KB.
 */
const packr = new Packr({ useRecords: false, mapsAsObjects: true })

const integers = z.array(z.number())
const packed = z.tuple([
  z.literal(1),
  z.number(),
  integers,
  z.array(z.tuple([z.string(), integers])),
  z.tuple([z.number(), integers, integers]),
])
type Packed = z.infer<typeof packed>

/** Gives a value that msgpack writes small. */
export function packWindow(window: Window): Packed {
  const { newest, seconds, addresses, habit } = window
  return [
    1,
    newest,
    seconds.flatMap(({ second, requests, errors }, index) => [
      second - (seconds[index - 1]?.second ?? newest - 1000),
      requests,
      errors,
    ]),
    [...addresses].map(([address, spans]) => [
      address,
      spans.flatMap(({ first, last }) => [newest - first, newest - last]),
    ]),
    [
      habit.since,
      habit.hoursOfWeek.some((count) => count > 0) ? habit.hoursOfWeek : [],
      habit.recent.flatMap(({ hour, requests }) => [hour, requests]),
    ],
  ]
}

/** @throws ZodError where the value was not made by `packWindow` */
export function unpackWindow(value: unknown): Window {
  const [, newest, seconds, addresses, [since, hoursOfWeek, recent]] = packed.parse(value)
  let second = newest - 1000
  return {
    newest,
    seconds: groups(seconds, 3).map(([gap = 0, requests = 0, errors = 0]) => {
      second += gap
      return { second, requests, errors }
    }),
    addresses: new Map(
      addresses.map(([address, spans]) => [
        address,
        groups(spans, 2).map(([first = 0, last = 0]) => ({ first: newest - first, last: newest - last })),
      ]),
    ),
    habit: {
      since,
      hoursOfWeek: hoursOfWeek.length > 0 ? hoursOfWeek : emptyWindow().habit.hoursOfWeek,
      recent: groups(recent, 2).map(([hour = 0, requests = 0]) => ({ hour, requests })),
    },
  }
}

/** Writes a value as bytes. */
export function pack(value: unknown): Buffer {
  return packr.pack(value)
}

/** Reads bytes of `pack`. @throws where they are not */
export function unpack(bytes: Buffer): unknown {
  return packr.unpack(bytes)
}

function groups(values: readonly number[], size: number): number[][] {
  return Array.from({ length: values.length / size }, (_, index) => values.slice(index * size, (index + 1) * size))
}
