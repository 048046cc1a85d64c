/** Runs something once at a time; however often it is asked for meanwhile, it runs once more, until it is ended. */
export function takeTurns(run: () => Promise<void>, onError: (error: unknown) => void) {
  let running: Promise<void> | undefined
  let wanted = false
  let ended = false
  const turn = async () => {
    while (wanted && !ended) {
      wanted = false
      await run().catch(onError)
    }
    running = undefined
  }
  return {
    ask() {
      if (ended) return
      wanted = true
      running ??= turn()
    },
    /** Waits for the turn under way; there is none after it. */
    async end() {
      ended = true
      await running
    },
  }
}
