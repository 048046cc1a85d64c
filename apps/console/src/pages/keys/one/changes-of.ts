type State = Record<string, unknown> | null

/** What is different between two states of a thing, in words: `name: a → b`. @returns a line for each part */
export function changesOf(before: State, after: State): string[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .filter((name) => name !== 'updatedAt' && said(before?.[name]) !== said(after?.[name]))
    .map((name) =>
      before === null || before[name] === undefined
        ? `${name}: ${said(after?.[name])}`
        : `${name}: ${said(before[name])} → ${said(after?.[name])}`,
    )
}

function said(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
