import { z } from 'zod'
import { listOf, pack, packWindow, unpack, unpackWindow } from '../../usage/window/codec.ts'
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

/** Writes a key's state as bytes. */
export function encodeState({ state, writtenAt }: StoredState): Buffer {
  const tracks = [...state.tracks].flatMap(([rule, { open, closedThrough }]) =>
    open || closedThrough > 0 ? [[rule, closedThrough, open ?? null]] : [],
  )
  return pack([1, writtenAt, state.settledThrough, packWindow(state.window), tracks])
}

/** Reads a key's state; a key without one begins with an empty one. @throws where the bytes are no state */
export function decodeState(bytes: Buffer | undefined, now: number): StoredState {
  if (!bytes) return { state: emptyState(), writtenAt: now }
  const [version, writtenAt, settledThrough, window, tracks] = listOf(unpack(bytes))
  if (version !== 1 || typeof writtenAt !== 'number' || typeof settledThrough !== 'number')
    throw new Error('it is no state of a key')
  return { writtenAt, state: { window: unpackWindow(window), settledThrough, tracks: unpackTracks(listOf(tracks)) } }
}

/** Most keys have none, so that there is next to nothing for the schema to check. */
function unpackTracks(tracks: readonly unknown[]): KeyState['tracks'] {
  if (tracks.length === 0) return new Map()
  return new Map(
    tracksSchema
      .parse(tracks)
      .map(([rule, closedThrough, open]) => [rule, { closedThrough, open: open ? withPeak(open) : undefined }]),
  )
}

/** Leaves out a baseline that is not there, which msgpack keeps as undefined. */
function withPeak(open: z.infer<typeof episode>) {
  const { baseline, ...rest } = open.peak
  return { ...open, peak: baseline === undefined ? rest : { ...rest, baseline } }
}
