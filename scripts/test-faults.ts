import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const help = `npm run test:faults -- [--minutes N] [--seed N]

Runs api, worker and alerter, two of each, under load, and breaks something again and again at random: processes are
killed and stopped, Redis and PostgreSQL restarted, connections cut, slowed down and swallowed, Redis filled, clocks
shifted. At the end the books must balance.

  --minutes N   how long (default: 3)
  --seed N      repeats the faults of an earlier run (default: another each time; it is printed)
`

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  process.stdout.write(help)
  process.exit(0)
}
for (const [name, value] of Object.entries({ minutes: values.minutes, seed: values.seed }))
  if (value !== undefined && !/^\d{1,10}$/.test(value)) {
    process.stderr.write(`--${name}: must be a whole number\n`)
    process.exit(2)
  }

const { status } = spawnSync('vitest', ['run', '--config', 'vitest.faults.config.ts'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(values.minutes !== undefined && { FAULT_MINUTES: values.minutes }),
    ...(values.seed !== undefined && { FAULT_SEED: values.seed }),
  },
})
process.exitCode = status ?? 1
