import type { QueueBoards } from './queue-boards.ts'

/**
 * The boards, opened by the first who looks: most processes are never asked, and would load bull-board and BullMQ, and hold
 * a connection, for nothing.
 */
export function createLazyBoards(deps: Parameters<typeof import('./queue-boards.ts').openQueueBoards>[0]): QueueBoards {
  let opened: Promise<QueueBoards> | undefined
  const open = async () => {
    const { openQueueBoards } = await import('./queue-boards.ts')
    return openQueueBoards(deps)
  }
  return {
    async answer(request, rules) {
      opened ??= open()
      return (await opened).answer(request, rules)
    },
    async close() {
      await (await opened)?.close()
    },
  }
}
