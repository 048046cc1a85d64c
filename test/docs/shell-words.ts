/** Reads the fenced blocks of a language out of a Markdown page. */
export function readBlocks(markdown: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')
  return [...markdown.matchAll(fence)].map(([, block = '']) => block)
}

/**
 * Splits the commands of a simple shell script into words: quotes, variables and continued lines, and nothing else that a
 * shell knows.
 * @param variables values of `$NAME`, inside double quotes and outside of quotes
 * @throws Error for a variable that is not among them
 */
export function readCommands(script: string, variables: Readonly<Record<string, string>>): string[][] {
  const fill = (text: string) =>
    text.replace(/\$(\w+)/g, (_, name: string) => {
      const value = variables[name]
      if (value === undefined) throw new Error(`no value for $${name}`)
      return value
    })
  return script
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) =>
      [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? fill(word[2] ?? word[3] ?? '')),
    )
    .filter((words) => words.length > 0)
}
