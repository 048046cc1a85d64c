// Prepares a bare clone: npm runs it before `start`, `test` and `check`. Plain JavaScript and no dependency, since the
// system's Node (20 or later) runs it; the pinned Node that everything else needs is among what it installs.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { consoleIsBuilt, hashConsole, noteConsole } from './setup/console.mjs'
import { programsAreBuilt } from './setup/programs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @param {string} line */
const say = (line) => console.log(`set-up: ${line}`)

/**
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 */
function run(program, args, environment) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } }).status === 0
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 }).status === 0
}

/**
 * Gives each package's version by its place, from a lock file; empty where there is none.
 * @param {string} path
 * @returns {Map<string, string>}
 */
function lockedVersions(path) {
  if (!existsSync(path)) return new Map()
  const { packages } = JSON.parse(readFileSync(path, 'utf8'))
  const versions = new Map()
  for (const [place, entry] of Object.entries(packages))
    if (place !== '' && !entry.link && !entry.optional)
      versions.set(place, JSON.stringify([entry.version, entry.dependencies]))
  return versions
}

/** Compares the lock file with npm's own record of what it installed last. */
function dependenciesAreInstalled() {
  const wanted = lockedVersions(join(root, 'package-lock.json'))
  const installed = lockedVersions(join(root, 'node_modules/.package-lock.json'))
  for (const [place, version] of wanted) if (installed.get(place) !== version) return false
  return existsSync(join(root, 'node_modules/.bin/node'))
}

function installDependencies() {
  if (dependenciesAreInstalled()) return
  say('installing the dependencies (npm ci)')
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier']
  const npm = process.env['npm_execpath']
  if (npm ? run(process.execPath, [npm, ...args]) : run('npm', args)) return
  say('npm ci failed; its own words are above')
  process.exit(1)
}

/** @param {string[]} names any of which serves */
function hasProgram(...names) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']
  return folders.some((folder) => names.some((name) => isProgram(join(folder, name))))
}

function hasRedis() {
  return hasProgram('redis-server', 'valkey-server')
}

/** For the tests of the console, which look for it as test/console/support/browser.ts does. */
function hasChromium() {
  const named = process.env['MOMENTRY_CHROMIUM']
  return named ? isProgram(named) : hasProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @param {string} purpose */
function needsRedis(purpose) {
  if (purpose === 'start') return !process.env['REDIS_URL'] && !hasRedis()
  if (purpose === 'bench') return !hasRedis()
  if (purpose === 'test') return !hasRedis() && !succeeds('docker', ['info'])
  return false
}

/** @returns {string[] | undefined} what to put before a command so that root runs it; undefined where that is not possible */
function asRoot() {
  if (process.getuid?.() === 0) return []
  return succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined
}

/**
 * Installs a package by apt, without a service that it would start.
 * @param {string} name
 */
function installByApt(name) {
  const prefix = asRoot()
  if (!prefix || !succeeds('apt-get', ['--version'])) return false
  // Both variables keep Debian's scripts from starting a service: the first without systemd, the second with it.
  const environment = ['RUNLEVEL=1', 'SYSTEMD_OFFLINE=1', 'DEBIAN_FRONTEND=noninteractive']
  const install = ['install', '-y', '-qq', '--no-install-recommends', name]
  /** @param {string[]} args */
  const apt = (args) => run('env', [...prefix, 'env', ...environment, 'apt-get', '-o', 'Dpkg::Use-Pty=0', ...args])
  say(`installing ${name} (apt-get)`)
  return apt(install) || (apt(['update', '-qq']) && apt(install))
}

/** Installs redis-server, and keeps its service from being enabled. */
function installRedis() {
  if (!installByApt('redis-server')) return false
  const prefix = asRoot() ?? []
  succeeds('env', [...prefix, 'env', 'SYSTEMD_OFFLINE=1', 'systemctl', 'disable', 'redis-server'])
  return hasRedis()
}

/** Builds the console's pages, unless those that are there are of the sources that are there; it takes a few seconds. */
function buildConsole() {
  if (consoleIsBuilt(root)) return
  say('building the console (vite build)')
  const hash = hashConsole(root)
  const args = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', join(root, 'apps/console')]
  if (run(join(root, 'node_modules/.bin/node'), args)) return noteConsole(root, hash)
  say('the console was not built; the rest runs without it, and /console says how to build it')
}

/** Bundles the programs, unless those that are there are of the sources that are there; it takes a few seconds. */
function bundlePrograms() {
  if (programsAreBuilt(root)) return
  say('bundling the programs (rolldown)')
  if (run(join(root, 'node_modules/.bin/node'), [join(root, 'scripts/build.ts')])) return
  say('the programs were not bundled; they run from their sources, which takes them longer to start')
}

const purpose = process.argv[2] ?? 'start'
installDependencies()
if (needsRedis(purpose) && !installRedis()) {
  say(
    'Redis is missing; install it and try again: "sudo apt-get install redis-server", "sudo dnf install valkey", ' +
      '"sudo apk add redis" or "brew install redis" (or set REDIS_URL)',
  )
  process.exit(1)
}
if (purpose === 'start' || purpose === 'test') buildConsole()
if (purpose === 'start') bundlePrograms()
if (purpose === 'test' && !hasChromium() && !(installByApt('chromium') && hasChromium()))
  say(
    'Chromium is missing, and the tests of the console need it: "sudo apt-get install chromium", "sudo dnf install ' +
      'chromium", "sudo apk add chromium" or "brew install --cask chromium" (or set MOMENTRY_CHROMIUM to a program)',
  )
if ((purpose === 'bench' || purpose === 'test') && !hasProgram('wrk') && !(installByApt('wrk') && hasProgram('wrk')))
  say(
    'wrk is missing, and the bench, which the tests try as well, puts its load on with it: "sudo apt-get install wrk", "brew install wrk"',
  )
