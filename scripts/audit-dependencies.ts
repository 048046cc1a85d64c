import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

const root = new URL('..', import.meta.url)

const advisorySchema = z.looseObject({ title: z.string(), url: z.string() })
const reportSchema = z.looseObject({
  vulnerabilities: z.record(
    z.string(),
    z.looseObject({
      severity: z.enum(['info', 'low', 'moderate', 'high', 'critical']),
      via: z.array(z.union([z.string(), advisorySchema])),
    }),
  ),
})
const lockSchema = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ hasInstallScript: z.boolean().optional(), link: z.boolean().optional() }),
  ),
})
const manifestSchema = z.looseObject({ allowScripts: z.record(z.string(), z.boolean()) })

/** Asks the registry for advisories about what Momentry runs on. @returns undefined where it does not answer that */
async function readAdvisories(): Promise<z.infer<typeof reportSchema> | undefined> {
  const args = ['audit', '--json', '--omit=dev']
  const options = { cwd: fileURLToPath(root), maxBuffer: 64 * 1024 * 1024, timeout: 20_000 }
  // npm ends with 1 where it found something, and where it could not ask.
  const { stdout } = await promisify(execFile)('npm', args, options).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }))
  try {
    return reportSchema.safeParse(JSON.parse(stdout)).data
  } catch {
    return undefined
  }
}

/** Packages that would run a program of theirs while they are installed, and that nobody has decided about. */
function findUndecidedScripts(): string[] {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')))
  const { allowScripts } = manifestSchema.parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')))
  return Object.entries(packages)
    .filter(([, { hasInstallScript, link }]) => hasInstallScript && !link)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => allowScripts[name] === undefined)
}

const undecided = findUndecidedScripts()
for (const name of undecided) console.log(`${name} has an install script: decide about it in allowScripts`)

const report = await readAdvisories()
const grave = Object.entries(report?.vulnerabilities ?? {}).filter(([, { severity }]) =>
  ['high', 'critical'].includes(severity),
)
for (const [name, { severity, via }] of grave) {
  const reasons = via.map((each) => (typeof each === 'string' ? `through ${each}` : `${each.title} (${each.url})`))
  console.log(`${name}: ${severity}: ${reasons.join('; ')}`)
}
if (!report) console.log('note: the registry answers no audits: advisories were not looked at')
process.exitCode = undecided.length + grave.length > 0 ? 1 : 0
