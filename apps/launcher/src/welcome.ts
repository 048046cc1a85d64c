import type { Launched } from './launch.ts'

/** Gives what people see once everything runs. The first key's secret is in it only at the start that made it. */
export function welcome(launched: Launched): string {
  const lines = ['', 'Momentry is ready.', `  API    ${launched.apiUrl}`, `  Docs   ${launched.apiUrl}/docs`]
  if (launched.firstKey !== undefined)
    lines.push(
      `  Key    ${launched.firstKey}`,
      `         (the first system key, shown this once; kept in ${launched.dataDir}/credentials.json)`,
    )
  lines.push(`  Data   ${launched.dataDir}`, '  Ctrl-C stops everything.', '', '')
  return lines.join('\n')
}
