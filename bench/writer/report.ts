import { median } from '../harness/median.ts'
import { type BarChart, drawBarChart } from './bar-chart.ts'
import { judge } from './judge.ts'
import type { Result, Setting } from './result.ts'
import { showFigure, showGoal } from './show.ts'

/** A part of the bench, and the programs of Momentry that there are flame graphs of. */
export interface ReportedPart {
  name: string
  title: string
  profiled: readonly string[]
}

/** The name of a row's chart among the report's pictures. */
export const chartFile = (row: string): string => `${row}.svg`

/** The name of a flame graph among the report's pictures. */
export const flameFile = (part: string, program: string): string => `flame-${part}-${program}.svg`

/** Draws a row: both sides in its unit, and how far the goal is from what it is compared to. */
export function chartOf({ work, reference, unit, goal, rounds }: Result): string {
  const references = rounds.flatMap((round) => round.reference ?? [])
  const wanted = 'atLeast' in goal ? goal.atLeast : goal.atMost
  const bars: BarChart['bars'] = [
    { label: 'Momentry', values: rounds.map(({ subject }) => subject), isSubject: true },
    ...(references.length > 0 ? [{ label: reference.replaceAll('`', ''), values: references, isSubject: false }] : []),
  ]
  const at = references.length > 0 ? wanted * median(references) : wanted
  return drawBarChart({ title: work, unit, bars, mark: { at, label: `wanted: ${showGoal(goal)}` } })
}

/** Writes the report of all results, as Markdown, beside the folder of its pictures. */
export function writeReport(results: readonly Result[], parts: readonly ReportedPart[]): string {
  const lines = [
    '# What was measured',
    'Written by `npm run bench`; [docs/benchmarks.md](../docs/benchmarks.md) tells how it measures and how to read this. Each figure is the',
    'median of its rounds, with the least and the most of them; a figure without a unit is the ratio of Momentry and what it is compared to,',
    'measured in turn in one run.',
    '',
    '```sh',
    'npm run bench                               # all of it, some of it with names of parts',
    'npm run bench -- validate-cached --profile  # flame graphs of one part',
    '```',
    '',
    ...writeSettings(results),
    '',
    '| work | compared to | wanted | seen | |',
    '| --- | --- | --- | --- | --- |',
    ...results.map(writeLine),
    ...parts.flatMap((part) => {
      const rows = results.filter((result) => result.part === part.name)
      return rows.length + part.profiled.length === 0 ? [] : writePart(part, rows)
    }),
  ]
  return `${lines.join('\n')}\n`
}

/** @returns the figure with its least and its most, in one form */
function showSpread(result: Result): string {
  const { isRatio, figure, least, most } = judge(result)
  return `${showFigure(figure)}${isRatio ? '' : ` ${result.unit}`} (${showFigure(least)} to ${showFigure(most)})`
}

function writeLine(result: Result): string {
  const { work, reference, goal, unit } = result
  const { isRatio, met } = judge(result)
  const wanted = isRatio ? showGoal(goal) : `${showGoal(goal)} ${unit}`
  const cells = [work, isRatio ? reference : '', wanted, showSpread(result), met ? 'met' : '**not met**']
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function writePart({ name, title, profiled }: ReportedPart, rows: readonly Result[]): string[] {
  const flames = profiled.map((program) => `[of the ${program}](report/${flameFile(name, program)})`)
  return [
    '',
    `## \`${name}\``,
    `${upperFirst(title)}.`,
    ...rows.flatMap(writeRow),
    ...(flames.length > 0 ? ['', `Where the time goes, as flame graphs: ${flames.join(', ')}.`] : []),
  ]
}

function writeRow(row: Result): string[] {
  const count = row.rounds.length
  const when = `${row.at.slice(0, 10)}, ${count} ${count === 1 ? 'round' : 'rounds'} of ${row.seconds} s`
  return [
    '',
    `![${row.work}: ${showSpread(row)}](report/${chartFile(row.name)})`,
    '',
    `${upperFirst(row.work)}: ${showSpread(row)}, ${when}.${row.note === undefined ? '' : ` ${endSentence(row.note)}`}`,
  ]
}

/** Results of different runs may come from different machines or versions; each is told once, with what was measured there. */
function writeSettings(results: readonly Result[]): string[] {
  const rowsOf = new Map<string, string[]>()
  for (const result of results) {
    const setting = showSetting(result)
    rowsOf.set(setting, [...(rowsOf.get(setting) ?? []), `\`${result.name}\``])
  }
  if (rowsOf.size === 1) return [...rowsOf.keys()]
  return [...rowsOf].map(([setting, rows]) => `- ${setting} (${rows.join(', ')})`)
}

function showSetting({ machine, versions }: Setting): string {
  const { cpu, cores, memoryGiB, os } = machine
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${os}; ${programs.join(', ')}.`
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const endSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
