// The floors of the house (docs/decisions): a module imports only from its own floor or from those below, nothing goes in
// circles, apps never import each other, and what is pure imports no driver.
const shared = '^packages/shared/src'

/** Words of the domain from the lowest floor up; those of one entry share a floor. */
const floors = [
  ['platform'],
  [
    'usage',
    'audit',
    'jobs',
    'idempotency',
    'streams',
    'access-log',
    'scopes',
    'lockout',
    'limits',
    'settings',
    'validations',
  ],
  ['keys', 'anomalies', 'alerts', 'sessions'],
  ['rotation', 'integrations', 'backup', 'leaks', 'demo', 'master-key', 'alert-sinks'],
  ['doctor'],
  ['system'],
]

const floorRules = floors.slice(0, -1).map((words, floor) => {
  const above = floors.slice(floor + 1).flat()
  return {
    name: `floor-${floor + 2}-stays-below`,
    comment: `${words.join(', ')} must not know ${above.join(', ')}`,
    severity: 'error',
    from: { path: `${shared}/(${words.join('|')})/`, pathNot: '\\.test\\.ts$' },
    to: { path: `${shared}/(${above.join('|')})/` },
  }
})

// Modules with rules in them and nothing else: they take what they judge as arguments.
const pure = [
  'errors',
  'keys/(secret|kinds|status|schemas|authority|schedule/due-date|fields/[^/]+)',
  'keys/validation/(sighting|answer|judge|record/(record|share-scopes))',
  'scopes/[^/]+',
  'limits/(schemas|limits|period)',
  'limits/local/(window|quota|key-state)',
  'alerts/alert',
  'alert-sinks/text/[^/]+',
  'alert-sinks/guard/(public-address|allowed-host|refused-address)',
  'rotation/(grace|states|schemas|alert|policy/decide)',
  'usage/(event|partition)',
  'usage/window/[^/]+',
  'anomalies/(finding|finding-schema|alert)',
  'anomalies/detect/(judge|episode|alarm|state-codec)',
  'anomalies/detect/rules/[^/]+',
  'usage/roll-up/sums',
  'audit/chain',
  'jobs/(states|read/schemas)',
  'platform/address(-range)?',
  'demo/[^/]+',
  'doctor/finding',
  'doctor/books/months',
  'doctor/[a-z]+/judge[a-z-]*',
]
const drivers = '^(node:)?(net|http|https|tls|dgram|child_process|fs|fs/promises)$'
const driverPackages = 'node_modules/(pg|drizzle-orm|ioredis|bullmq|hono|@hono)/'

export default {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'apps-stand-alone',
      comment: 'apps meet in packages, and in the stores, but never in each other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    { name: 'packages-stay-below-apps', severity: 'error', from: { path: '^packages/' }, to: { path: '^apps/' } },
    {
      name: 'shared-stands-alone',
      severity: 'error',
      from: { path: '^packages/shared/' },
      to: { path: '^packages/(?!shared/)' },
    },
    {
      name: 'client-stands-alone',
      comment: 'it is for those who have nothing of Momentry but its URL',
      severity: 'error',
      from: { path: '^packages/client/' },
      to: { path: ['^(apps|test|scripts)/', '^packages/(?!client/)', 'node_modules/@momentry/'] },
    },
    {
      name: 'errors-are-the-ground',
      severity: 'error',
      from: { path: `${shared}/errors\\.ts$` },
      to: { path: shared },
    },
    {
      name: 'configuration-knows-errors-addresses-and-types-only',
      severity: 'error',
      from: { path: [`${shared}/config\\.ts$`, `${shared}/config/`] },
      to: {
        path: shared,
        pathNot: `${shared}/(errors|config/environment|config/fields|config/cron-pattern|platform/address-range|keys/kinds)\\.ts$`,
      },
    },
    ...floorRules,
    {
      name: 'pure-code-has-no-driver',
      severity: 'error',
      from: { path: `${shared}/(${pure.join('|')})\\.ts$`, pathNot: '\\.test\\.ts$' },
      to: { path: [drivers, driverPackages, `${shared}/platform/(postgres|redis|process)/`] },
    },
    {
      name: 'drizzle-by-one-door',
      comment: 'platform/postgres/drizzle.ts says why',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: `${shared}/platform/postgres/` },
      to: { path: 'node_modules/drizzle-orm/', pathNot: 'drizzle-orm/(migrator|node-postgres)' },
    },
    {
      name: 'open-telemetry-by-one-door',
      comment: 'it is loaded only where traces are wanted: start.ts imports it then',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: `${shared}/platform/tracing/(start|open-telemetry|exporter)\\.ts$` },
      to: { path: [`${shared}/platform/tracing/(open-telemetry|exporter)\\.ts$`, 'node_modules/@opentelemetry/'] },
    },
    {
      name: 'code-does-not-import-tests',
      severity: 'error',
      from: { path: '^(apps|packages|scripts)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^test/|\\.test\\.ts$' },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    // TypeScript's native compiler has no programming interface yet, so SWC reads the sources.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)node_modules/\\.', '^apps/console/dist/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
