/** What an import may hold at the most: 110 MB, and each different value and address once. */
export const maxEvents = 5_000_000

export interface LogEvent {
  /** Milliseconds since 1970. */
  at: number
  /** The value that its key is named after. */
  value: string
  ip: string | undefined
  status: number
}

export interface EventColumns {
  readonly length: number
  /** The different values, in the order of their first event. */
  readonly values: readonly string[]
  /** @throws RangeError beyond `maxEvents` */
  add(event: LogEvent): void
  /**
   * Gives the events in order of time; those of the same time stay in the order in which they were added.
   * @param through leaves out what is later, in milliseconds since 1970
   */
  sorted(through: number): SortedEvents
}

export interface SortedEvents {
  readonly length: number
  /** @throws RangeError outside 0 to length - 1 */
  at(index: number): LogEvent
}

/**
 * Keeps events in columns of numbers, since millions of objects would not fit: 22 bytes each. Times are told apart by the
 * second, as logs give them.
 */
export function createEventColumns(): EventColumns {
  let length = 0
  let columns = allocate(1024)
  const values = createInterner()
  const addresses = createInterner()

  function add(event: LogEvent): void {
    if (length === maxEvents) throw new RangeError(`more than ${maxEvents} events`)
    if (length === columns.at.length) columns = grow(columns)
    columns.at[length] = event.at
    columns.value[length] = values.indexOf(event.value)
    // 0: the log names no address.
    columns.address[length] = event.ip === undefined ? 0 : addresses.indexOf(event.ip) + 1
    columns.status[length] = event.status
    length += 1
  }

  function sorted(through: number): SortedEvents {
    const { at, value, address, status } = columns
    const order = Uint32Array.from({ length }, (_, index) => index).filter((index) => (at[index] ?? 0) <= through)
    order.sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0) || a - b)
    return {
      length: order.length,
      at(position) {
        const index = order[position]
        const text = index === undefined ? undefined : values.texts[value[index] ?? -1]
        if (index === undefined || text === undefined) throw new RangeError(`there is no event ${position}`)
        return {
          at: at[index] ?? 0,
          value: text,
          ip: addresses.texts[(address[index] ?? 0) - 1],
          status: status[index] ?? 0,
        }
      },
    }
  }

  return {
    get length() {
      return length
    },
    values: values.texts,
    add,
    sorted,
  }
}

interface Columns {
  at: Float64Array
  value: Uint32Array
  address: Uint32Array
  status: Uint16Array
}

function allocate(capacity: number): Columns {
  return {
    at: new Float64Array(capacity),
    value: new Uint32Array(capacity),
    address: new Uint32Array(capacity),
    status: new Uint16Array(capacity),
  }
}

function grow(columns: Columns): Columns {
  const grown = allocate(Math.min(maxEvents, columns.at.length * 2))
  grown.at.set(columns.at)
  grown.value.set(columns.value)
  grown.address.set(columns.address)
  grown.status.set(columns.status)
  return grown
}

/** Keeps each text once. */
function createInterner() {
  const texts: string[] = []
  const indexes = new Map<string, number>()
  return {
    texts,
    indexOf(text: string): number {
      const known = indexes.get(text)
      if (known !== undefined) return known
      // Copied, so that the text does not keep the whole line alive that it was cut from.
      const own = Buffer.from(text).toString()
      indexes.set(own, texts.length)
      return texts.push(own) - 1
    },
  }
}
