import { type Place, trackPlace } from './track-place.ts'

/** A row of a table, as its JSON stands in the document. */
export interface DocumentRow {
  table: string
  text: string
}

/** Of what is held in memory: one row, and all that is no row. */
const maxRowBytes = 64 * 1024 * 1024
const maxFrameBytes = 1024 * 1024

/** What came so far of the row that is open, and of the document without its rows. */
interface Held {
  row: Buffer[]
  frame: number[]
}

/**
 * Cuts a document of format 1 while it comes, `{…, "tables": {"api_keys": [{…}, {…}]}}`, so that it is never held as a
 * whole: gives each row, and at last the document without its rows. It only cuts: whether the parts are JSON, their
 * reader finds out, and where a bracket is missing one of them is not.
 * @throws Error where a part is too large
 */
export async function* splitDocument(source: AsyncIterable<Buffer>): AsyncGenerator<DocumentRow, string> {
  const place = trackPlace()
  const held: Held = { row: [], frame: [] }
  for await (const piece of source) {
    yield* splitPiece(piece, place, held)
    if (held.row.reduce((sum, { length }) => sum + length, 0) > maxRowBytes)
      throw new Error(`a row of ${place.table()} is larger than ${maxRowBytes} bytes`)
    if (held.frame.length > maxFrameBytes) throw new Error('it is no document of format 1')
  }
  return Buffer.from(held.frame).toString('utf8')
}

function* splitPiece(piece: Buffer, place: Place, held: Held): Generator<DocumentRow> {
  let from = 0
  for (const [at, byte] of piece.entries()) {
    const wasInRow = place.isInRow()
    place.step(byte)
    const isInRow = place.isInRow()
    if (isInRow && !wasInRow) from = at
    else if (wasInRow && !isInRow) {
      held.row.push(piece.subarray(from, at + 1))
      yield { table: place.table(), text: Buffer.concat(held.row).toString('utf8') }
      held.row = []
    } else if (!isInRow && !place.isBetweenRows(byte)) held.frame.push(byte)
  }
  if (place.isInRow()) held.row.push(piece.subarray(from))
}
