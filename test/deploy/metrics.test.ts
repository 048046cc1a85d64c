import { spawnSync } from 'node:child_process'
import { freePort } from '@momentry/embedded/host/free-port.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createClient } from '../api/client.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { read, readDashboard, readRules, root } from './files.ts'
import { groupsOf, seriesOf } from './promql.ts'

let stores: TestStores
let processes: TestProcess[]
/** By name: the type, and the labels of the series that are there. */
const metrics = new Map<string, { type: string; labels: Set<string> }>()

beforeAll(async () => {
  stores = await createTestStores()
  const [worker, alerter] = [await freePort(), await freePort()]
  processes = await Promise.all([
    startProcess('api', stores.env),
    startProcess('worker', { ...stores.env, METRICS_PORT: String(worker) }),
    startProcess('alerter', { ...stores.env, METRICS_PORT: String(alerter) }),
  ])
  const urls = [processes[0]?.url, `http://127.0.0.1:${worker}`, `http://127.0.0.1:${alerter}`]
  // So that the api has something to tell of requests and of validations.
  const { key } = await createBootstrapKey(stores.databaseUrl)
  await createClient(urls[0])('POST', '/v1/keys/validate', { body: { key } })
  for (const url of urls) readMetrics((await createClient(url)('GET', '/metrics')).text)
})

afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()))
  await stores.close()
})

function readMetrics(text: string): void {
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    if (!metrics.has(name)) metrics.set(name, { type, labels: new Set() })
  }
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_0-9]+)\{(.*)\} \S+$/gm)) {
    const metric = metricOf(name)
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) metric?.labels.add(label)
  }
}

/** A histogram's or a summary's series have names of their own. */
function metricOf(series: string) {
  const base = series.replace(/_(bucket|sum|count)$/, '')
  const whole = metrics.get(base)
  return metrics.get(series) ?? (whole && whole.type !== 'gauge' && whole.type !== 'counter' ? whole : undefined)
}

/** What Prometheus itself adds to each series, or has a series of. */
const ofPrometheus = { series: new Set(['up']), labels: new Set(['job', 'instance', 'le']) }

/** What an expression asks for that no process has. */
function missingOf(expression: string): string[] {
  const asked = seriesOf(expression).filter(({ name }) => !ofPrometheus.series.has(name))
  const unknown = asked.filter(({ name }) => !metricOf(name)).map(({ name }) => name)
  const known = new Set(asked.flatMap(({ name }) => [...(metricOf(name)?.labels ?? [])]))
  // A metric that has no series yet shows no labels.
  const isShown = asked.length > 0 && asked.every(({ name }) => (metricOf(name)?.labels.size ?? 0) > 1)
  const labels = [...asked.flatMap((series) => series.labels), ...groupsOf(expression)]
  const foreign = isShown ? labels.filter((label) => !ofPrometheus.labels.has(label) && !known.has(label)) : []
  return [...unknown, ...foreign]
}

describe('the dashboard', () => {
  const { panels, templating } = readDashboard()
  const shown = panels.filter(({ type }) => type !== 'row')

  it('asks for nothing that no process tells', () => {
    const expressions = shown.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    expect(expressions.length).toBeGreaterThan(30)
    expect(expressions.flatMap(missingOf)).toEqual([])
  })

  it('has a unit, a description and a place of its own for each panel', () => {
    expect(shown.filter(({ fieldConfig, description }) => !fieldConfig?.defaults.unit || !description)).toEqual([])
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
  })

  it('can be narrowed to jobs and instances, in every panel', () => {
    expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance'])
    const named = templating.list.map(({ query }) => JSON.stringify(query)).join()
    expect([...named.matchAll(/momentry_\w+/g)].filter(([name]) => !metricOf(name))).toEqual([])
    const wide = shown.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => seriesOf(expr).filter(({ labels }) => !labels.includes('instance'))),
    )
    expect(wide).toEqual([])
  })

  it('shows every metric of our own', () => {
    const named = new Set(
      shown
        .flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => seriesOf(expr)))
        .map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')),
    )
    const own = [...metrics.keys()].filter((name) => !/^momentry_(nodejs|process)_/.test(name))
    expect(own.filter((name) => !named.has(name))).toEqual([])
  })
})

it('docs/observability.md tells of every metric of our own, and of no other', () => {
  const rows = read('docs/observability.md').matchAll(/^\| (`momentry_[^|]+) \|/gm)
  const told = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`(momentry_[a-z_]+)`/g)].map(([, name]) => name))
  const own = [...metrics.keys()].filter((name) => !/^momentry_(nodejs|process)_/.test(name))
  expect(told.sort()).toEqual(own.sort())
})

describe('the rules', () => {
  const rules = readRules()

  it('ask for nothing that no process tells', () => {
    expect(rules.flatMap(({ expr }) => missingOf(expr))).toEqual([])
  })

  it('have names of their own, and each a heading that says what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    const headings = [...read('docs/operations.md').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      anchorOf(heading),
    )
    const places = rules.map(({ annotations }) => annotations.runbook)
    expect(places.filter((place) => !headings.includes(place.replace('docs/operations.md#', '')))).toEqual([])
  })

  it('are about the jobs of the example', () => {
    const example = parse(read('deploy/prometheus/prometheus.example.yml'))
    const jobs = example.scrape_configs.map((job: { job_name: string }) => job.job_name)
    const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/job="([^"]+)"/g)].map(([, job]) => job))
    expect(jobs).toEqual(expect.arrayContaining([...new Set(asked)]))
    expect(example.rule_files).toEqual(['rules.yml'])
  })

  const promtool = spawnSync('promtool', ['--version']).status === 0
  it.runIf(promtool).each([
    ['check', 'config', 'deploy/prometheus/prometheus.example.yml'],
    ['test', 'rules', 'test/deploy/rules.promtool.yml'],
  ])('are taken by promtool: %s %s', (...parts) => {
    const run = spawnSync('promtool', parts, { cwd: root, encoding: 'utf8' })
    expect(`${run.stdout}${run.stderr}`).not.toContain('FAILED')
    expect(run.status).toBe(0)
  })
})

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
}
