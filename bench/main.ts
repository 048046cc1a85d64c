import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { bundle } from '../scripts/build/bundle.ts'
import { programsAreBuilt } from '../scripts/setup/programs.mjs'
import { readArguments } from './arguments.ts'
import { writeFlames } from './flame/write.ts'
import { pinSelf } from './harness/pin.ts'
import { profilePrograms } from './harness/process.ts'
import { type Stores, startStores } from './harness/stores.ts'
import type { Part, Row } from './part.ts'
import { parts } from './parts.ts'
import { judge } from './writer/judge.ts'
import { flameFile } from './writer/report.ts'
import { keepResult } from './writer/result.ts'
import { describeSetting } from './writer/setting.ts'
import { writeAll } from './writer/write.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'bench')
const pictures = join(folder, 'report')
const results = join(folder, 'results')
const { chosen, rounds, seconds, smoke, profile } = readArguments(process.argv.slice(2))

pinSelf()
// What is there already is left alone: others may be starting programs from it.
if (profile || !programsAreBuilt(root)) await bundle(join(root, 'dist'), { maps: profile })
let started: Promise<Stores> | undefined
const stores = () => (started ??= startStores())
const say = (line: string) => console.log(line)

async function run(part: Part): Promise<Row[]> {
  say(`${part.name}: ${part.title}`)
  const rows = await part.run({ rounds, seconds, smoke, say, stores })
  for (const row of rows) {
    say(`  ${judge(row).sentence}`)
    if (row.note !== undefined) say(`        ${row.note}`)
  }
  return rows
}

async function keep(part: Part): Promise<void> {
  const at = new Date().toISOString()
  const rows = await run(part)
  const setting = await describeSetting(await started)
  for (const [order, row] of rows.entries())
    await keepResult(results, { ...row, ...setting, part: part.name, order, seconds, at })
}

/** The figures of such a run are left alone: whoever writes down what it does is slower. */
async function drawFlames(part: Part): Promise<void> {
  const profiles = await mkdtemp(join(tmpdir(), 'momentry-bench-profiles-'))
  try {
    profilePrograms(profiles)
    await run(part)
    await writeFlames({ from: profiles, root, part: part.name }, (program) =>
      join(pictures, flameFile(part.name, program)),
    )
  } finally {
    await rm(profiles, { recursive: true })
  }
}

try {
  for (const each of [pictures, results]) await mkdir(each, { recursive: true })
  for (const part of chosen) {
    if (smoke) await run(part)
    else if (profile) await drawFlames(part)
    else await keep(part)
  }
  if (!smoke) await writeAll(folder, parts)
} finally {
  await (await started)?.close()
}
