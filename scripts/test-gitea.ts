import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))

const help = `Usage: npm run test:gitea -- URL

Runs the tests of Momentry's Gitea integration on a real Gitea: tokens are made, listed, asked about and deleted.

  URL                   where it is, as GITEA_URL has it: https://git.example.org

Environment:
  GITEA_TEST_USER       a user there; one for tests only is best, since about 130 tokens are made and deleted for it
  GITEA_TEST_PASSWORD   its password: Gitea makes no tokens without
  GITEA_TEST_OTP        a one-time code, where the user has two factors; it must last for the whole run, so a user
                        without a second factor is better
  NODE_EXTRA_CA_CERTS   a file with the certificate authority (PEM), where the server has one of its own

Every token made there has a name that begins with "momentry-suite-", and is deleted at the end. Other tokens of the
user are listed and left alone. The exit code is 0 where all tests pass, 1 where one fails, 2 where none could begin.
`

/** Says what is wrong, and ends. */
function refuse(problem: string): never {
  console.error(`test:gitea: ${problem}\n"npm run test:gitea -- --help" tells more`)
  process.exit(2)
}

function readUrl(): string {
  const { values, positionals } = read()
  if (values.help) {
    console.log(help)
    process.exit(0)
  }
  const [text, ...more] = positionals
  if (text === undefined) refuse('name the URL of a Gitea')
  if (more.length > 0) refuse('name one URL only')
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) refuse('the URL must begin with http:// or https://')
  if (url.username !== '' || url.password !== '') refuse('the URL must hold no password: set GITEA_TEST_PASSWORD')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function read() {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } }, allowPositionals: true })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'the arguments cannot be read')
  }
}

/** Asks for the version, which is public, so that a wrong URL is told in one line and not by every test. */
async function findVersion(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/version`, { signal: AbortSignal.timeout(10_000) }).catch((error) =>
    refuse(`${url} cannot be reached: ${error.cause?.code ?? error.cause?.message ?? error.message}`),
  )
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && typeof body === 'object' && body !== null && 'version' in body) return String(body.version)
  return refuse(`${url} is no Gitea: it answered ${response.status} to /api/v1/version`)
}

const url = readUrl()
for (const name of ['GITEA_TEST_USER', 'GITEA_TEST_PASSWORD']) if (!process.env[name]) refuse(`set ${name}`)
console.log(`Gitea ${await findVersion(url)} at ${url}, as ${process.env['GITEA_TEST_USER']}`)

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const args = ['run', '--config', 'vitest.real.config.ts', 'test/integrations/gitea/gitea.real.ts']
const child = spawn(process.execPath, [vitest, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, GITEA_TEST_URL: url },
})
// The tests delete what they made before they end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
