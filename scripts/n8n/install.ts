import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

export const n8nVersion = '2.40.7'

/** Runs npm and shows what it says. @throws where it fails */
function npm(args: readonly string[], cwd: string, env: Record<string, string> = {}): void {
  const { status } = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  if (status !== 0) throw new Error(`npm ${args[0]} failed`)
}

/**
 * Installs n8n into a folder, with the one native module that it cannot do without. What is there already stays.
 * @returns the program that starts it
 */
export function installN8n(dir: string): string {
  const program = join(dir, 'node_modules/n8n/bin/n8n')
  const manifest = join(dir, 'node_modules/n8n/package.json')
  mkdirSync(dir, { recursive: true })
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === n8nVersion) {
    console.log(`n8n ${n8nVersion} is installed in ${dir}`)
  } else {
    console.log(`installing n8n ${n8nVersion} into ${dir}: about 2,400 packages, 2.8 GB, 5 minutes`)
    writeFileSync(join(dir, 'package.json'), '{"name":"n8n-for-tests","private":true}\n')
    npm(['install', `n8n@${n8nVersion}`, '--ignore-scripts'], dir)
  }
  if (!existsSync(join(dir, 'node_modules/sqlite3/build/Release/node_sqlite3.node'))) buildSqlite(dir)
  return program
}

/** Compiles against the headers of the Node that will run it; they come in npm's package of that Node. */
function buildSqlite(dir: string): void {
  const headers = join(dir, 'node-headers')
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  console.log(`compiling sqlite3 for Node ${process.versions.node}: about 90 seconds`)
  mkdirSync(headers, { recursive: true })
  writeFileSync(join(headers, 'package.json'), '{"name":"node-headers","private":true}\n')
  npm(['install', `${platform}@${process.versions.node}`, '--ignore-scripts'], headers)
  npm(['rebuild', 'sqlite3'], dir, { npm_config_nodedir: join(headers, 'node_modules', platform) })
}
