import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { writeTypes } from './console/write-types.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What is checked, each by the program that is best at it. */
const checks: Record<string, readonly [program: string, ...args: string[]]> = {
  types: ['tsc', '--noEmit'],
  'types of the console': ['tsc', '--noEmit', '--project', 'apps/console/tsconfig.json'],
  'lint and format': ['biome', 'ci', '--colors=off', '--error-on-warnings', '--no-errors-on-unmatched', '.'],
  'dependency rules': ['depcruise', '--config', '.dependency-cruiser.mjs', 'apps', 'packages', 'scripts', 'test'],
  'dead code': ['knip', '--no-progress'],
  dependencies: ['node', 'scripts/audit-dependencies.ts'],
}

interface Outcome {
  passed: boolean
  seconds: number
  output: string
}

function check(program: string, args: readonly string[]): Promise<Outcome> {
  const start = performance.now()
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  const parts: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => parts.push(String(part)))
  return new Promise((resolve) => {
    const settle = (passed: boolean) =>
      resolve({ passed, seconds: (performance.now() - start) / 1000, output: parts.join('') })
    child.once('error', (error) => {
      parts.push(error.message)
      settle(false)
    })
    child.once('close', (code) => settle(code === 0))
  })
}

/** What people should know though the check passed. */
function notesOf(output: string): string {
  return output
    .split('\n')
    .filter((line) => line.startsWith('note: '))
    .join('\n')
}

// What the console knows of the API, as the API is now: a field that changed fails its types.
await writeTypes()
const outcomes = await Promise.all(
  Object.entries(checks).map(async ([name, [program, ...args]]) => {
    const outcome = await check(program, args)
    console.log(`${outcome.passed ? 'ok    ' : 'FAILED'} ${name} (${program}, ${outcome.seconds.toFixed(1)} s)`)
    const shown = outcome.passed ? notesOf(outcome.output) : outcome.output.trim()
    if (shown !== '') console.log(shown.replaceAll(/^/gm, '       '))
    return outcome
  }),
)
const failed = outcomes.filter((outcome) => !outcome.passed).length
console.log(`${outcomes.length - failed} of ${outcomes.length} checks passed`)
process.exitCode = failed > 0 ? 1 : 0
