import { median } from '../harness/median.ts'
import type { Row } from '../part.ts'
import { showFigure, showGoal } from './show.ts'

/** What a judgement needs of a row. */
export type Measured = Pick<Row, 'work' | 'goal' | 'rounds'> & { unit: string }

export interface Judged {
  /** true: the figures are ratios of subject and reference; false: they have the row's unit. */
  isRatio: boolean
  /** The median of the rounds: of their ratios where there is a reference. */
  figure: number
  /** Of the same rounds. */
  least: number
  most: number
  met: boolean
  /** All of it, for a terminal. */
  sentence: string
}

/** Holds a row's figure against its goal. */
export function judge({ work, unit, goal, rounds }: Measured): Judged {
  const figures = rounds.map(({ subject, reference }) => (reference === undefined ? subject : subject / reference))
  const figure = median(figures)
  const met = 'atLeast' in goal ? figure >= goal.atLeast : figure <= goal.atMost
  const isRatio = rounds.some(({ reference }) => reference !== undefined)
  const shown = isRatio ? figure.toFixed(2) : `${showFigure(figure)} ${unit}`
  return {
    ...{ isRatio, figure, met },
    ...{ least: Math.min(...figures), most: Math.max(...figures) },
    sentence: `${met ? 'met  ' : 'unmet'} ${work}: ${shown}, wanted ${showGoal(goal)}`,
  }
}
