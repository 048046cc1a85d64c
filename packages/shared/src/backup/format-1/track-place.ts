const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]
const spaces = new Set([0x20, 0x09, 0x0a, 0x0d])

const maxDepth = 1000
/** Of a table's name. */
const maxNameBytes = 200

export interface Place {
  /** Takes the next byte. @throws Error where brackets are nested too deeply */
  step(byte: number): void
  isInRow(): boolean
  /** The table whose rows are open. */
  table(): string
  /** Tells whether a byte only parts one row from the next. */
  isBetweenRows(byte: number): boolean
}

/** Follows brackets and strings of a document of format 1, as far as it takes to know where rows begin and end. */
export function trackPlace(): Place {
  const open: number[] = []
  /** By depth: the name of what is open there. */
  const names: string[] = []
  let name: number[] = []
  let isInString = false
  let isEscaped = false
  let isInRow = false

  const areRowsOpen = () =>
    open[0] === openObject && open[1] === openObject && open[2] === openList && names[1] === 'tables'
  const stepInString = (byte: number) => {
    if (isEscaped) isEscaped = false
    else if (byte === backslash) isEscaped = true
    else if (byte === quote) isInString = false
    if (isInString && open.length <= 2 && name.length < maxNameBytes) name.push(byte)
  }
  const beginString = () => {
    isInString = true
    if (open.length <= 2) name = []
  }
  const descend = (bracket: number) => {
    if (open.length <= 2) names[open.length] = Buffer.from(name).toString('utf8')
    open.push(bracket)
    if (open.length > maxDepth) throw new Error('it is nested too deeply')
    if (open.length === 4) isInRow = bracket === openObject && areRowsOpen()
  }
  const ascend = () => {
    open.pop()
    if (open.length === 3) isInRow = false
  }
  return {
    step(byte) {
      if (isInString) stepInString(byte)
      else if (byte === quote) beginString()
      else if (byte === openObject || byte === openList) descend(byte)
      else if (byte === closeObject || byte === closeList) ascend()
    },
    isInRow: () => isInRow,
    table: () => names[2] ?? '',
    isBetweenRows: (byte) => open.length === 3 && !isInString && (byte === comma || spaces.has(byte)) && areRowsOpen(),
  }
}
