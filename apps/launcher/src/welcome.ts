import type { Launched } from './launch.ts'

/**
 * Gives what people see once everything runs. The first key's secret is in it only at the start that made it, and only on
 * a terminal: what goes elsewhere is kept as a log.
 */
export function welcome({ apiUrl, dataDir, firstKey }: Launched, isTerminal: boolean): string {
  const lines = ['', 'Momentry is ready.', ...places(apiUrl)]
  if (firstKey !== undefined && isTerminal)
    lines.push(
      `  Key      ${firstKey}`,
      `           (the first system key, shown this once; kept in ${dataDir}/credentials.json)`,
    )
  if (firstKey !== undefined && !isTerminal)
    lines.push(`  Key      the first system key is in ${dataDir}/credentials.json`)
  lines.push(`  Data     ${dataDir}`, '  Ctrl-C stops everything.', '', '')
  return lines.join('\n')
}

/** The console first: it is what people want to see. */
function places(apiUrl: string): string[] {
  return [`  Console  ${apiUrl}/console/`, `  API      ${apiUrl}`, `  Docs     ${apiUrl}/docs`]
}
