import { median } from '../harness/median.ts'
import type { Row } from '../part.ts'

export interface Judged {
  /** The median of the rounds: of their ratios where there is a reference. */
  figure: number
  met: boolean
  /** All of it, for a terminal. */
  sentence: string
}

/** Holds a row's figure against its goal. */
export function judge({ work, unit, goal, rounds }: Row): Judged {
  const figures = rounds.map(({ subject, reference }) => (reference === undefined ? subject : subject / reference))
  const figure = median(figures)
  const met = 'atLeast' in goal ? figure >= goal.atLeast : figure <= goal.atMost
  const wanted = 'atLeast' in goal ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`
  const isRatio = rounds.some(({ reference }) => reference !== undefined)
  const shown = isRatio ? figure.toFixed(2) : `${figure.toPrecision(3)} ${unit}`
  return { figure, met, sentence: `${met ? 'met  ' : 'unmet'} ${work}: ${shown}, wanted ${wanted}` }
}
