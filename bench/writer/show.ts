import type { Row } from '../part.ts'

/** A figure for people: three digits that count, and thousands set apart. */
export function showFigure(figure: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(figure)
}

/** @example `at least 0.7` */
export function showGoal(goal: Row['goal']): string {
  return 'atLeast' in goal ? `at least ${showFigure(goal.atLeast)}` : `at most ${showFigure(goal.atMost)}`
}

/** A text as it may stand in SVG, between tags and in attributes. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
