/** What of PromQL stands where a metric's name could, and is none. */
const words = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'bool',
  'offset',
])

/** A series that an expression asks for. */
export interface Asked {
  name: string
  /** Labels that it is told apart by. */
  labels: string[]
}

/**
 * Gives the series that a PromQL expression asks for: names that are no function, no keyword and no label. Reads the
 * expressions of the dashboard and of the rules, and is no parser of everything that PromQL knows.
 */
export function seriesOf(expression: string): Asked[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  const series = /(?<![\w:.])([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{([^}]*)\}|(?![\w:]|\s*\())/g
  return [...bare.matchAll(series)]
    .filter(([, name = '']) => !words.has(name))
    .map(([, name = '', matchers = '']) => ({
      name,
      labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    }))
}

/** The labels by which an expression puts series together. */
export function groupsOf(expression: string): string[] {
  return [...expression.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => list.match(/\w+/g) ?? [])
}
