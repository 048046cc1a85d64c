import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

export const n8nVersion = '2.40.7'
const projectName = 'n8n-for-tests'

interface NpmOptions {
  cwd: string
  env?: Record<string, string>
  /** Ends npm. */
  signal: AbortSignal
}

/** Runs npm and shows what it says. @throws where it fails */
async function npm(args: readonly string[], { cwd, env = {}, signal }: NpmOptions): Promise<void> {
  const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  signal.addEventListener('abort', () => child.kill())
  const [code] = await once(child, 'exit')
  signal.throwIfAborted()
  if (code !== 0) throw new Error(`npm ${args[0]} failed`)
}

/**
 * Installs n8n into a folder, with the one native module that it cannot do without. What is there already stays.
 * @returns the program that starts it
 */
export async function installN8n(dir: string, signal: AbortSignal): Promise<string> {
  mkdirSync(dir, { recursive: true })
  if (installedVersion(dir) === n8nVersion) {
    console.log(`n8n ${n8nVersion} is installed in ${dir}`)
  } else {
    claim(dir)
    console.log(`installing n8n ${n8nVersion} into ${dir}: about 2,400 packages, 2.8 GB, 5 minutes`)
    await npm(['install', `n8n@${n8nVersion}`, '--ignore-scripts'], { cwd: dir, signal })
  }
  if (!existsSync(join(dir, 'node_modules/sqlite3/build/Release/node_sqlite3.node'))) await buildSqlite(dir, signal)
  return join(dir, 'node_modules/n8n/bin/n8n')
}

/** Makes a folder n8n's own. @throws where it is somebody else's: `--dir .` must not put n8n into that project */
function claim(dir: string): void {
  const file = join(dir, 'package.json')
  if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name !== projectName)
    throw new Error(`${dir} holds another project: name a folder for n8n alone`)
  writeFileSync(file, `{"name":"${projectName}","private":true}\n`)
}

/** npm writes this list last: what was cut off midway has none. */
function installedVersion(dir: string): string | undefined {
  const list = join(dir, 'node_modules/.package-lock.json')
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')).packages?.['node_modules/n8n']?.version : undefined
}

/** Compiles against the headers of the Node that will run it; they come in npm's package of that Node. */
async function buildSqlite(dir: string, signal: AbortSignal): Promise<void> {
  const headers = join(dir, 'node-headers')
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  console.log(`compiling sqlite3 for Node ${process.versions.node}: about 90 seconds`)
  mkdirSync(headers, { recursive: true })
  writeFileSync(join(headers, 'package.json'), '{"name":"node-headers","private":true}\n')
  await npm(['install', `${platform}@${process.versions.node}`, '--ignore-scripts'], { cwd: headers, signal })
  const env = { npm_config_nodedir: join(headers, 'node_modules', platform) }
  await npm(['rebuild', 'sqlite3'], { cwd: dir, env, signal })
}
