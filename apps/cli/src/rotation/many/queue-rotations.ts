import type { ApiClient } from '../../api/client.ts'
import type { Key } from '../../api/shapes.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import type { Progress } from '../../output/progress.ts'
import { type RotationWish, requestRotation } from '../request.ts'
import { inParallel } from './in-parallel.ts'
import type { Outcome } from './outcome.ts'

/** Requests under way at once. */
const workers = 8

/** For how long the server may be away before the rest is given up. */
const retryForMs = 60_000

/**
 * Asks for a rotation of each key, and goes on where one is refused. Where the server stays away, the rest is not tried.
 * @param outcomes gets what became of each key, as it comes
 */
export async function queueRotations(
  api: ApiClient,
  keys: readonly Key[],
  wish: RotationWish,
  { outcomes, bar }: { outcomes: Outcome[]; bar: Progress },
): Promise<void> {
  let away: CliFailure | undefined
  const ask = async (key: Key): Promise<Outcome> => {
    const { id: keyId, name: keyName } = key
    if (away) return { keyId, keyName, refusal: `not tried: ${away.message}` }
    try {
      const { rotationId } = await requestRotation(api, keyId, wish, retryForMs)
      return { keyId, keyName, rotationId }
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error
      if (error.exitCode === exitCodes.unreachable) away = error
      return { keyId, keyName, refusal: error.message }
    }
  }
  const askAndNote = async (key: Key) => {
    outcomes.push(await ask(key))
    bar.update(outcomes.length)
  }
  // The last one may be the key that is asked with: nothing may be under way beside it.
  await inParallel(keys.slice(0, -1), workers, askAndNote)
  await inParallel(keys.slice(-1), 1, askAndNote)
}
