import type { Bench, Round } from '../part.ts'

/**
 * Measures two things in turn, so that what else goes on in the machine meets both alike; which of them begins changes with
 * each round.
 * @param measure each gives its figure
 */
export async function alternate(
  bench: Pick<Bench, 'rounds' | 'say'>,
  measure: { subject(): Promise<number>; reference(): Promise<number> },
): Promise<Round[]> {
  const rounds: Round[] = []
  for (let round = 1; round <= bench.rounds; round += 1) {
    const early = round % 2 === 0 ? await measure.subject() : undefined
    const reference = await measure.reference()
    const subject = early ?? (await measure.subject())
    rounds.push({ subject, reference })
    bench.say(
      `  round ${round}: ${Math.round(subject)} against ${Math.round(reference)}, ${(subject / reference).toFixed(2)}`,
    )
  }
  return rounds
}
