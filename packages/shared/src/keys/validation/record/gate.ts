/** Lets so many pieces of work be under way at a time. */
export interface Gate {
  /** Begins a piece of work at the end of this turn of the event loop, or as soon as there is room. */
  enter(begin: () => void): void
  /** A piece of work is over. */
  leave(): void
}

export function createGate(capacity: number): Gate {
  const waiting: (() => void)[] = []
  let underWay = 0
  const admit = () => {
    while (underWay < capacity) {
      const begin = waiting.shift()
      if (!begin) return
      underWay += 1
      begin()
    }
  }
  return {
    enter(begin) {
      if (waiting.push(begin) === 1) setImmediate(admit)
    },
    leave() {
      underWay -= 1
      admit()
    },
  }
}
