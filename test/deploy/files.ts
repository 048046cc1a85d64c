import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export function read(path: string): string {
  return readFileSync(new URL(path, new URL('../../', import.meta.url)), 'utf8')
}

/** The paths of a folder's files, at any depth, from the repository's root. */
export function filesIn(folder: string): string[] {
  return readdirSync(new URL(`../../${folder}`, import.meta.url), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath.slice(root.length)}/${name}`)
}

const dashboardSchema = z.looseObject({
  templating: z.object({ list: z.array(z.looseObject({ name: z.string(), query: z.unknown() })) }),
  panels: z.array(
    z.looseObject({
      id: z.int(),
      title: z.string(),
      type: z.string(),
      description: z.string().optional(),
      gridPos: z.object({ h: z.int(), w: z.int(), x: z.int(), y: z.int() }),
      fieldConfig: z.looseObject({ defaults: z.looseObject({ unit: z.string() }) }).optional(),
      targets: z.array(z.looseObject({ expr: z.string() })).optional(),
    }),
  ),
})

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Momentry[A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[mh]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
})

export function readDashboard() {
  return dashboardSchema.parse(JSON.parse(read('deploy/grafana/momentry.json')))
}

export function readRules() {
  return rulesSchema.parse(parse(read('deploy/prometheus/rules.yml'))).groups.flatMap(({ rules }) => rules)
}

const object = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }).optional() })
export type Manifest = z.infer<typeof object>

/** Every document of a YAML file. @throws where one is none */
export function readManifests(path: string): Manifest[] {
  return parseAllDocuments(read(path)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message}`)
    return object.parse(document.toJS())
  })
}
