import { type Options, SingleBar } from 'cli-progress'
import type { Output } from './output.ts'

export interface Progress {
  /** @param done of the total */
  update(done: number): void
  /** Something that is told beside the progress. */
  note(text: string): void
  stop(): void
}

const barOptions: Options = {
  format: '{label} [{bar}] {percentage}%  {value}/{total}  {eta_formatted} to go',
  hideCursor: true,
  clearOnComplete: false,
  // The exit of an interrupted command is decided in one place, main.ts.
  gracefulExit: false,
}

/** Shows how far a long work is, on standard error: a bar on a terminal, a line every tenth elsewhere. */
export function createProgress(out: Output, label: string, total: number, from = 0): Progress {
  return out.errorIsTerminal ? createBar(out, label, total, from) : createLines(out, label, total, from)
}

function createBar(out: Output, label: string, total: number, from: number): Progress {
  const bar = new SingleBar({ ...barOptions, stream: process.stderr })
  bar.start(total, from, { label })
  return {
    update: (done) => bar.update(done),
    note(text) {
      // The bar draws itself again below the line.
      out.note(`\r\u001b[K${text}`)
    },
    stop: () => bar.stop(),
  }
}

function createLines(out: Output, label: string, total: number, from: number): Progress {
  let tenths = Math.floor((from / Math.max(1, total)) * 10)
  return {
    update(done) {
      const reached = Math.floor((done / Math.max(1, total)) * 10)
      if (reached <= tenths) return
      tenths = reached
      out.note(`${label} ${reached * 10}% (${done}/${total})`)
    },
    note: (text) => out.note(text),
    stop: () => undefined,
  }
}
