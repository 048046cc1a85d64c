/** Gives what people see once everything runs. The first key's secret is in it only at the start that made it. */
export function welcome(about: { apiUrl: string; firstKey: string | undefined; dataDir: string }): string {
  const lines = ['', 'Momentry is ready.', `  API    ${about.apiUrl}`, `  Docs   ${about.apiUrl}/docs`]
  if (about.firstKey !== undefined)
    lines.push(
      `  Key    ${about.firstKey}`,
      `         (the first system key, shown this once; kept in ${about.dataDir}/credentials.json)`,
    )
  lines.push(`  Data   ${about.dataDir}`, '  Ctrl-C stops everything.', '', '')
  return lines.join('\n')
}
