import { exitCodes } from '../../exit-codes.ts'
import { CliFailure, usageFailure } from '../../failure.ts'
import { createProgress, type Progress } from '../../output/progress.ts'
import type { Session } from '../../session.ts'
import { followRotation } from '../follow.ts'
import { ownKeyId } from '../own-key.ts'
import { type RotationWish, stopsAtOnce } from '../request.ts'
import { chooseKeys, type KeyFilter } from './choose-keys.ts'
import { inParallel } from './in-parallel.ts'
import { isAllWell, type Outcome, sumUp } from './outcome.ts'
import { queueRotations } from './queue-rotations.ts'
import { showChosen } from './show-chosen.ts'
import { showOutcomes } from './show-outcomes.ts'

export interface ManyOptions {
  filter: KeyFilter
  wish: RotationWish
  includeSelf: boolean
  wait: boolean
  /** Do not ask. */
  yes: boolean
}

/** Rotations that are looked after at once. */
const followed = 8

/**
 * Rotates all active keys that match: shows them, asks, queues, and sums up. The exit code is 1 where any was refused or
 * failed.
 */
export async function rotateMany(session: Session, options: ManyOptions): Promise<void> {
  const { host, out, signal } = session
  if (!options.yes && !session.input.canAsk) throw usageFailure('without a terminal, rotating many keys needs --yes')
  const connection = await session.connect()
  const { api } = connection
  const { includeSelf, filter, wish, wait } = options
  const chosen = await chooseKeys(api, filter, { ownId: await ownKeyId(connection), includeSelf })
  showChosen(out, chosen)
  const outcomes: Outcome[] = []
  if (chosen.keys.length > 0) {
    if (!options.yes) await ask(session, chosen.keys.length, wish)
    try {
      await withProgress(session, 'queueing', chosen.keys.length, (bar) =>
        queueRotations(api, chosen.keys, wish, { outcomes, bar }),
      )
      if (wait) await followAll(session, api, outcomes)
    } finally {
      const { queued } = sumUp(outcomes, wait)
      if (signal.aborted) out.note(`interrupted: ${queued} rotations are queued (momentry rotation list)`)
    }
  }
  const summary = sumUp(outcomes, wait)
  showOutcomes(out, outcomes, summary)
  if (!isAllWell(summary)) host.exitCode = exitCodes.failed
}

async function ask({ input }: Session, count: number, wish: RotationWish): Promise<void> {
  const keys = count === 1 ? 'this key' : `these ${count} keys`
  const consequence = stopsAtOnce(wish) ? ' Their old secrets stop at once, everywhere.' : ''
  if (!(await input.confirm(`Rotate ${keys}?${consequence}`)))
    throw new CliFailure(exitCodes.failed, 'nothing was rotated')
}

async function withProgress(
  { out }: Session,
  label: string,
  total: number,
  work: (bar: Progress) => Promise<void>,
): Promise<void> {
  const bar = createProgress(out, label, total)
  try {
    await work(bar)
  } finally {
    bar.stop()
  }
}

async function followAll(session: Session, api: Parameters<typeof followRotation>[0], outcomes: Outcome[]) {
  const queued = outcomes.filter((outcome) => outcome.rotationId !== undefined)
  if (queued.length === 0) return
  let done = 0
  await withProgress(session, 'rotating', queued.length, (bar) =>
    inParallel(queued, followed, async (outcome) => {
      outcome.rotation = await followRotation(api, outcome.rotationId ?? '', session)
      done += 1
      bar.update(done)
    }),
  )
}
