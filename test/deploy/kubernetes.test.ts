import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { environment } from '@momentry/shared/config/environment.ts'
import { readConfig } from '@momentry/shared/config.ts'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { filesIn, type Manifest, read, readManifests, root } from './files.ts'

const folder = 'deploy/kustomize'
const example = `${folder}/overlays/example`
const files = filesIn(folder).filter((path) => path.endsWith('.yaml'))
const isKustomization = (path: string) => path.endsWith('/kustomization.yaml')

const labels = z.record(z.string(), z.string())
const named = z.object({ name: z.string() })
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.looseObject({ name: z.string() })).default([]),
  envFrom: z.array(z.object({ configMapRef: named.optional(), secretRef: named.optional() })).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.int() })).default([]),
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ memory: z.string() }),
  }),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
})
const pod = z.looseObject({
  automountServiceAccountToken: z.literal(false),
  securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.int().min(1) }),
  containers: z.tuple([container]),
  volumes: z.array(named.loose()),
})
const workload = z.looseObject({
  kind: z.string(),
  metadata: named.loose(),
  spec: z.looseObject({ template: z.looseObject({ metadata: z.object({ labels }), spec: pod }) }),
})
const kustomization = z.looseObject({
  resources: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  configMapGenerator: z.array(z.looseObject({ name: z.string(), literals: z.array(z.string()) })).default([]),
  images: z.array(z.looseObject({ name: z.string() })).default([]),
})

const objects = files.filter((path) => !isKustomization(path)).flatMap(readManifests)
const ofKind = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind))
const workloads = ofKind('Deployment', 'Job').map((object) => workload.parse(object))
const containers = workloads.map(({ spec }) => spec.template.spec.containers[0])
const kustomizations = files
  .filter(isKustomization)
  .map((path) => ({ path, ...kustomization.parse(parse(read(path))) }))
const settings = Object.fromEntries(
  kustomizations
    .sort((one, other) => one.path.localeCompare(other.path))
    .flatMap(({ configMapGenerator }) => configMapGenerator.flatMap(({ literals }) => literals))
    .map((literal) => [literal.slice(0, literal.indexOf('=')), literal.slice(literal.indexOf('=') + 1)]),
)
/** What the Secret holds (deploy/kustomize/README.md). */
const secrets = ['DATABASE_URL', 'REDIS_URL', 'MOMENTRY_MASTER_KEY']

/** Every value of this name, however deep it lies. */
function valuesOf(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((part) => valuesOf(part, name))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [...(key === name ? [part] : []), ...valuesOf(part, name)])
}

describe('the manifests', () => {
  it('name only files that are there, and none is left out', () => {
    const reached = kustomizations.flatMap(({ path, resources, components }) =>
      [...resources, ...components].map((resource) => normalize(join(dirname(path), resource))),
    )
    expect(reached.filter((path) => !existsSync(join(root, path)))).toEqual([])
    const used = new Set(reached.flatMap((path) => [path, `${path}/kustomization.yaml`]))
    expect(files.filter((path) => !used.has(path))).toEqual([`${example}/kustomization.yaml`])
  })

  it('run what there is, by the image that the Dockerfile and compose make', () => {
    expect(new Set(containers.map(({ image }) => image))).toEqual(
      new Set([parse(read('docker-compose.yml'))['x-momentry'].image]),
    )
    expect(kustomizations.flatMap(({ images }) => images.map(({ name }) => name))).toEqual(['momentry', 'momentry'])
    expect(containers.filter(({ args: [script = ''] }) => !existsSync(join(root, script)))).toEqual([])
    expect(read('Dockerfile')).toMatch(/ENTRYPOINT \["node"\]/)
    expect(read('Dockerfile')).toMatch(/MOMENTRY_DATA_DIR=\/data/)
  })

  it('set only what the configuration knows, and values that it takes', () => {
    const named = [
      ...Object.keys(settings),
      ...containers.flatMap(({ env }) => env.map(({ name }) => name)),
      ...secrets,
    ]
    expect(named.filter((name) => !Object.hasOwn(environment.shape, name))).toEqual([])
    expect(() => readConfig(settings)).not.toThrow()
    expect(secrets.filter((name) => name in settings)).toEqual([])
  })

  it('take their environment from the one ConfigMap and the one Secret', () => {
    const from = containers.flatMap(({ envFrom }) =>
      envFrom.flatMap(({ configMapRef, secretRef }) => [configMapRef, secretRef]),
    )
    expect(new Set(from.flatMap((source) => source?.name ?? []))).toEqual(new Set(['momentry']))
    expect(kustomizations.flatMap(({ configMapGenerator }) => configMapGenerator.map(({ name }) => name))).toEqual([
      'momentry',
      'momentry',
    ])
    const keys = containers.flatMap(({ env }) => valuesOf(env, 'secretKeyRef'))
    expect(keys).toEqual([{ name: 'momentry', key: 'DATABASE_URL' }])
    for (const name of secrets) expect(read(`${folder}/README.md`)).toContain(`${name}=`)
  })

  it('mount what is declared, and write nowhere else', () => {
    for (const { spec } of workloads) {
      const { containers, volumes } = spec.template.spec
      expect(containers[0].volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name))
      expect(containers[0].volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp'])
    }
  })

  it('probe and serve ports that are served', () => {
    const byName = new Map(containers.map((one) => [one.name, one]))
    expect(byName.get('api')?.ports).toEqual([{ name: 'metrics', containerPort: 8080 }])
    for (const name of ['worker', 'alerter'])
      expect(byName.get(name)?.ports).toEqual([{ name: 'metrics', containerPort: Number(settings['METRICS_PORT']) }])
    const probed = containers.flatMap((one) => [...valuesOf(one, 'httpGet'), ...valuesOf(one, 'tcpSocket')])
    expect(probed.flatMap((probe) => valuesOf(probe, 'port'))).toEqual(Array(7).fill('metrics'))
    expect(ofKind('Service').flatMap((service) => valuesOf(service, 'targetPort'))).toEqual(['metrics'])
    expect(valuesOf(ofKind('Ingress'), 'service')).toEqual([{ name: 'momentry-api', port: { name: 'http' } }])
  })

  it('scale and guard deployments that there are', () => {
    const deployments = ofKind('Deployment').map(({ metadata }) => metadata?.name)
    const targets = [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')].flatMap((object) =>
      valuesOf(object, 'scaleTargetRef'),
    )
    expect(targets.map((target) => valuesOf(target, 'name')[0])).toEqual(['momentry-api', 'momentry-worker'])
    expect(
      ofKind('PodDisruptionBudget')
        .map(({ metadata }) => metadata?.name)
        .sort(),
    ).toEqual(deployments.sort())
    // More workers than partitions would stand idle.
    expect(valuesOf(ofKind('ScaledObject'), 'maxReplicaCount')).toEqual([Number(settings['USAGE_PARTITIONS'])])
  })

  it('select pods that there are', () => {
    const components = new Set(
      workloads.map(({ spec }) => spec.template.metadata.labels['app.kubernetes.io/component']),
    )
    const selectors = ofKind('Service', 'PodDisruptionBudget', 'NetworkPolicy').flatMap((object: Manifest) =>
      [...valuesOf(object, 'selector'), ...valuesOf(object, 'podSelector')].flatMap((selector) => [
        ...valuesOf(selector, 'app.kubernetes.io/component'),
        ...valuesOf(selector, 'values').flat(),
      ]),
    )
    expect(selectors.length).toBeGreaterThan(5)
    expect(selectors.filter((component) => !components.has(String(component)))).toEqual([])
  })
})

describe('kubectl', () => {
  const isThere = spawnSync('kubectl', ['version', '--client']).status === 0
  it.runIf(isThere)('builds the example', () => {
    const built = spawnSync('kubectl', ['kustomize', example], { cwd: root, encoding: 'utf8' })
    expect(built.stderr).toBe('')
    const made = parseAllDocuments(built.stdout).map((document) => document.toJS())
    expect(made.length).toBeGreaterThan(12)
    const images = made.flatMap((object) => valuesOf(object, 'image'))
    expect(new Set(images)).toEqual(new Set(['registry.example.com/momentry:0.1.0']))
    const [config] = made.filter(({ kind }) => kind === 'ConfigMap')
    const from = made.flatMap((object) => valuesOf(object, 'configMapRef'))
    expect(from).toEqual(Array(3).fill({ name: config?.metadata.name }))
    expect(config?.data).toEqual(settings)
  })
})
