import { z } from 'zod'
import { readWindow, writeWindow } from '../../usage/window/codec.ts'
import { listOf, unpackFormer, windowOfFormer } from '../../usage/window/former-codec.ts'
import { createTextWriter, readNumber, type TextCursor } from '../../usage/window/text.ts'
import { severities } from '../finding.ts'
import { emptyState, type KeyState } from './judge.ts'

const peak = z.object({
  observed: z.number(),
  threshold: z.number(),
  baseline: z.number().optional(),
  window: z.object({ start: z.number(), end: z.number() }),
  explanation: z.string(),
})
const episode = z.object({ id: z.string(), hotUntil: z.number(), severity: z.enum(severities), peak })
const tracksSchema = z.array(z.tuple([z.string(), z.number(), episode.nullable()]))

/** A key's state as it is read: with the time at which it was written last. */
export interface StoredState {
  state: KeyState
  /** Milliseconds since 1970; silence is measured from here. */
  writtenAt: number
}

/** What each state begins with. */
const version = '2'
const writer = createTextWriter()

/** Writes a key's state as text. */
export function encodeState({ state, writtenAt }: StoredState): string {
  writer.number(writtenAt)
  writer.number(state.settledThrough)
  writeWindow(writer, state.window)
  return version + writer.take() + writeTracks(state.tracks)
}

/** Most keys have none, and then nothing stands there. */
function writeTracks(tracks: KeyState['tracks']): string {
  const told = [...tracks].filter(([, { open, closedThrough }]) => open || closedThrough > 0)
  if (told.length === 0) return ''
  return JSON.stringify(told.map(([rule, { open, closedThrough }]) => [rule, closedThrough, open ?? null]))
}

/** Reads a key's state. @throws where the text is none */
export function decodeState(text: string): StoredState {
  if (!text.startsWith(version)) throw new Error('it is no state of a key')
  const cursor: TextCursor = { text, at: version.length }
  const writtenAt = readNumber(cursor)
  const settledThrough = readNumber(cursor)
  const window = readWindow(cursor)
  const tracks = readTracks(text.length > cursor.at ? JSON.parse(text.slice(cursor.at)) : [])
  return { writtenAt, state: { window, settledThrough, tracks } }
}

/** Reads a key's state as it is in Redis; a key without one begins with an empty one. @throws where the bytes are none */
export function readState(bytes: Buffer | undefined, now: number): StoredState {
  if (!bytes) return { state: emptyState(), writtenAt: now }
  return bytes[0] === version.charCodeAt(0) ? decodeState(bytes.toString()) : decodeFormer(bytes)
}

/** Reads what older versions wrote. */
function decodeFormer(bytes: Buffer): StoredState {
  const [version, writtenAt, settledThrough, window, tracks] = unpackFormer(bytes)
  if (version !== 1 || typeof writtenAt !== 'number' || typeof settledThrough !== 'number')
    throw new Error('it is no state of a key')
  return { writtenAt, state: { window: windowOfFormer(window), settledThrough, tracks: readTracks(listOf(tracks)) } }
}

function readTracks(value: unknown): KeyState['tracks'] {
  // Nothing for the schema to look at, for most keys.
  if (Array.isArray(value) && value.length === 0) return new Map()
  return new Map(
    tracksSchema
      .parse(value)
      .map(([rule, closedThrough, open]) => [rule, { closedThrough, open: open ? withPeak(open) : undefined }]),
  )
}

/** Leaves out a baseline that is not there, which msgpack keeps as undefined. */
function withPeak(open: z.infer<typeof episode>) {
  const { baseline, ...rest } = open.peak
  return { ...open, peak: baseline === undefined ? rest : { ...rest, baseline } }
}
