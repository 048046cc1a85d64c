/** What jobs about backups say they did; a job's output is free in its form, so each is looked at before it is believed. */
export interface TableDiff {
  name: string
  rowsBefore: number
  rowsAfter: number
  added: number
  removed: number
  changed: number
  samples: string[]
}

type Output = Record<string, unknown>

export function isDiff(output: Output): output is Output & { tables: TableDiff[] } {
  const { tables } = output
  return (
    Array.isArray(tables) && tables.every((table) => typeof table === 'object' && table !== null && 'added' in table)
  )
}

export function isVerified(
  output: Output,
): output is Output & { number: number; valid: boolean; problems: { file: string; reason: string }[] } {
  return typeof output['valid'] === 'boolean' && Array.isArray(output['problems'])
}

export function isMade(output: Output): output is Output & { number: number; rows: number; bytes: number } {
  return ['number', 'rows', 'bytes'].every((name) => typeof output[name] === 'number')
}
