import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))

const help = `Usage: npm run test:faults -- [--minutes N | --short] [--seed N]

Runs two apis, two workers and two alerters under load while things break at random: processes are killed, frozen and
drained, Redis and PostgreSQL are killed and stopped, connections are cut, held back and slowed down, the disk is full,
clocks are wrong. Then everything is made whole, and the books must balance. docs/faults.md tells more.

  --minutes N    how long things break, from 0.1 to 600 (3)
  --short        eight rounds of short faults, some 20 s
  --seed N       what decides which things break, 0 to 999999999 (any)

Nothing but what the run starts by itself is touched. A full disk needs an account that may mount a file system (root); elsewhere
that fault is left out, and the run says so. The exit code is 0 where the books balance and 1 where they do not.
`

/** Says what is wrong, and ends. */
function refuse(problem: string): never {
  console.error(`test:faults: ${problem}\n"npm run test:faults -- --help" tells more`)
  process.exit(2)
}

function read() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        short: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'the arguments cannot be read')
  }
}

const { help: isHelp, short: isShort = false, minutes = '3', seed = String(randomInt(1_000_000)) } = read()
if (isHelp) {
  console.log(help)
  process.exit(0)
}
if (!/^\d{1,3}(\.\d)?$/.test(minutes) || Number(minutes) < 0.1 || Number(minutes) > 600)
  refuse('--minutes must be a number from 0.1 to 600')
if (!/^\d{1,9}$/.test(seed)) refuse('--seed must be a whole number of at most 9 digits')
console.log(`${isShort ? 'a few faults' : `faults for ${minutes} minutes`}, seed ${seed}`)

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const child = spawn(process.execPath, [vitest, 'run', '--config', 'vitest.faults.config.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    FAULT_SUITE: isShort ? 'short.test.ts' : 'long.faults.ts',
    FAULT_MINUTES: minutes,
    FAULT_SEED: seed,
  },
})
// The run ends what it has started before it ends itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
