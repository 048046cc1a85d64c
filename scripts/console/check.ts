// The console's types, against the API as it is now: the check runs it, and a changed field of the API fails it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { writeTypes } from './write-types.ts'

await writeTypes()
const project = fileURLToPath(new URL('../../apps/console/tsconfig.json', import.meta.url))
const { status } = spawnSync('tsc', ['--noEmit', '--project', project], { stdio: 'inherit' })
process.exitCode = status ?? 1
