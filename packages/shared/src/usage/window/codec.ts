import { readNumber, readText, type TextCursor, type TextWriter } from './text.ts'
import { type AddressSpan, emptyWindow, type Habit, type SecondCount, type Window } from './window.ts'

/*
 * A window as text. Seconds are written as differences, to the one before or to `newest`, so that most take one or two
 * characters: a key with 1,000 requests a minute from six addresses takes less than 2.5 KB.
 */

/** Older than any second of a window. */
const beforeAll = 1000

/** Writes a window, to be read by `readWindow`. */
export function writeWindow(writer: TextWriter, { newest, seconds, addresses, habit }: Window): void {
  writer.number(newest)
  writeSeconds(writer, seconds, newest)
  writer.number(addresses.size)
  for (const [address, spans] of addresses) {
    writer.text(address)
    writer.number(spans.length)
    for (const { first, last } of spans) {
      writer.number(newest - last)
      writer.number(last - first)
    }
  }
  writeHabit(writer, habit)
}

/** Most seconds of a busy key follow upon the one before, and many of any key have no errors: two bits say so. */
function writeSeconds(writer: TextWriter, seconds: readonly SecondCount[], newest: number): void {
  writer.number(seconds.length)
  let before = newest - beforeAll
  for (const { second, requests, errors } of seconds) {
    const step = second - before
    writer.number(4 * requests + (step === 1 ? 0 : 2) + (errors === 0 ? 0 : 1))
    if (step !== 1) writer.number(step)
    if (errors !== 0) writer.number(errors)
    before = second
  }
}

function writeHabit(writer: TextWriter, { since, hoursOfWeek, recent }: Habit): void {
  writer.number(since)
  const isYoung = hoursOfWeek === emptyWindow().habit.hoursOfWeek
  writer.number(isYoung ? 0 : hoursOfWeek.length)
  if (!isYoung) for (const requests of hoursOfWeek) writer.number(requests)
  writer.number(recent.length)
  for (const { hour, requests } of recent) {
    writer.number(hour)
    writer.number(requests)
  }
}

/** @throws Error where none was written there */
export function readWindow(cursor: TextCursor): Window {
  const newest = readNumber(cursor)
  return {
    newest,
    seconds: readSeconds(cursor, newest),
    addresses: readAddresses(cursor, newest),
    habit: readHabit(cursor),
  }
}

function readSeconds(cursor: TextCursor, newest: number): SecondCount[] {
  const seconds: SecondCount[] = []
  let second = newest - beforeAll
  for (let left = readNumber(cursor); left > 0; left -= 1) {
    const head = readNumber(cursor)
    second += head % 4 < 2 ? 1 : readNumber(cursor)
    seconds.push({ second, requests: Math.floor(head / 4), errors: head % 2 === 0 ? 0 : readNumber(cursor) })
  }
  return seconds
}

function readAddresses(cursor: TextCursor, newest: number): Map<string, AddressSpan[]> {
  const addresses = new Map<string, AddressSpan[]>()
  for (let left = readNumber(cursor); left > 0; left -= 1) {
    const address = readText(cursor)
    const spans: AddressSpan[] = []
    for (let ofAddress = readNumber(cursor); ofAddress > 0; ofAddress -= 1) {
      const last = newest - readNumber(cursor)
      spans.push({ first: last - readNumber(cursor), last })
    }
    addresses.set(address, spans)
  }
  return addresses
}

function readHabit(cursor: TextCursor): Habit {
  const since = readNumber(cursor)
  const hours: number[] = []
  for (let left = readNumber(cursor); left > 0; left -= 1) hours.push(readNumber(cursor))
  const recent: Habit['recent'] = []
  for (let left = readNumber(cursor); left > 0; left -= 1)
    recent.push({ hour: readNumber(cursor), requests: readNumber(cursor) })
  return { since, hoursOfWeek: hours.length > 0 ? hours : emptyWindow().habit.hoursOfWeek, recent }
}
