import { tellError } from '../jobs/error-text.ts'
import { type Area, areas, type StoreName } from './areas.ts'
import type { DoctorDeps } from './deps.ts'
import { type Finding, ok } from './finding.ts'

/** How long an area may take; a store that hangs says nothing of itself. */
const patienceMs = 20_000

/**
 * Looks at everything, area by area, and judges it. It never throws: what cannot be looked at is a finding, too.
 * @returns what each check found, in a fixed order
 */
export async function examine(deps: DoctorDeps): Promise<Finding[]> {
  const reached = new Map<StoreName, Finding>()
  for (const [store, ask] of Object.entries(probes(deps)))
    if (isStore(store)) reached.set(store, await reach(store, ask))
  const isThere = (store: StoreName) => reached.get(store)?.level === 'ok'
  const findings = [...reached.values()]
  for (const area of areas) {
    if (area.needs.every(isThere)) findings.push(...(await look(area, deps)))
  }
  return findings
}

function probes({ postgres, redis, redisTrouble }: DoctorDeps): Record<StoreName, () => Promise<unknown>> {
  return {
    postgres: () => postgres.pool.query('SELECT 1'),
    redis: () =>
      redis.ping().catch((error: unknown) => {
        throw redisTrouble() ?? error
      }),
  }
}

function isStore(name: string): name is StoreName {
  return name === 'postgres' || name === 'redis'
}

async function reach(store: StoreName, ask: () => Promise<unknown>): Promise<Finding> {
  const check = `${store}.reachable`
  try {
    await inTime(ask())
    return ok(check, 'answers')
  } catch (error) {
    const variable = store === 'postgres' ? 'DATABASE_URL' : 'REDIS_URL'
    return {
      check,
      level: 'failed',
      figure: tellError(error) || 'no answer',
      advice: `is it there, and is ${variable} right? What needs it was not looked at`,
    }
  }
}

async function look({ name, look: lookAt }: Area, deps: DoctorDeps): Promise<Finding[]> {
  try {
    return await (deps.deep ? lookAt(deps) : inTime(lookAt(deps)))
  } catch (error) {
    const figure = `could not be looked at: ${tellError(error)}`
    return [
      { check: `${name}.look`, level: 'failed', figure, advice: 'mend the other findings first, then look again' },
    ]
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  // Whoever comes too late is not listened to any more.
  work.catch(() => undefined)
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1_000} s`)), patienceMs).unref(),
  )
  return Promise.race([work, late])
}
