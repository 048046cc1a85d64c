import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { bundle } from '../scripts/build/bundle.ts'
import { readArguments } from './arguments.ts'
import { pinSelf } from './harness/pin.ts'
import { type Stores, startStores } from './harness/stores.ts'
import { judge } from './report/judge.ts'

const { chosen, rounds, seconds, smoke } = readArguments(process.argv.slice(2))

pinSelf()
await bundle(fileURLToPath(new URL('../dist', import.meta.url)))
let started: Promise<Stores> | undefined
const stores = () => (started ??= startStores())
const say = (line: string) => console.log(line)
try {
  for (const part of chosen) {
    say(`${part.name}: ${part.title}`)
    const rows = await part.run({ rounds, seconds, smoke, say, stores })
    for (const row of rows) {
      say(`  ${judge(row).sentence}`)
      if (row.note !== undefined) say(`        ${row.note}`)
    }
  }
} finally {
  await (await started)?.close()
}
