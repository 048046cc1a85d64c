import {
  Activity,
  Archive,
  FlaskConical,
  Gauge,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Plug,
  RefreshCw,
  ScrollText,
  Send,
  Settings,
} from 'lucide-react'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

export interface PageRoute {
  /** As wouter reads it, below /console. */
  path: string
  Page: LazyExoticComponent<ComponentType>
  /** Fetches the page's file before it is needed. */
  load: () => void
  /** What the key must hold for the page to be offered. */
  scope: string
  /** Its place in the navigation; pages that are reached from others have none. */
  nav?: { label: string; group: NavGroup; Icon: LucideIcon }
}

export const navGroups = ['Watch', 'Keys', 'Alerting', 'System'] as const
export type NavGroup = (typeof navGroups)[number]

/** Every page, in the order of the navigation. A page finds its own title, and its parameters by `useParams`. */
export const routes: readonly PageRoute[] = [
  page('/', 'keys:read', () => import('../pages/overview/overview-page.tsx').then((m) => m.OverviewPage), {
    label: 'Overview',
    group: 'Watch',
    Icon: Gauge,
  }),
  page(
    '/anomalies',
    'anomalies:read',
    () => import('../pages/anomalies/inbox/anomalies-page.tsx').then((m) => m.AnomaliesPage),
    { label: 'Anomalies', group: 'Watch', Icon: Activity },
  ),
  page('/anomalies/:id', 'anomalies:read', () =>
    import('../pages/anomalies/one/anomaly-page.tsx').then((m) => m.AnomalyPage),
  ),
  page(
    '/back-test',
    'anomalies:read',
    () => import('../pages/back-test/back-test-page.tsx').then((m) => m.BackTestPage),
    { label: 'Back-test', group: 'Watch', Icon: FlaskConical },
  ),
  page('/keys', 'keys:read', () => import('../pages/keys/keys-page.tsx').then((m) => m.KeysPage), {
    label: 'Keys',
    group: 'Keys',
    Icon: KeyRound,
  }),
  page('/keys/:id', 'keys:read', () => import('../pages/keys/key-page.tsx').then((m) => m.KeyPage)),
  page(
    '/rotations',
    'rotations:read',
    () => import('../pages/rotations/rotations-page.tsx').then((m) => m.RotationsPage),
    { label: 'Rotations', group: 'Keys', Icon: RefreshCw },
  ),
  page('/rotations/:id', 'rotations:read', () =>
    import('../pages/rotations/one/rotation-page.tsx').then((m) => m.RotationPage),
  ),
  page(
    '/integrations',
    'integrations:write',
    () => import('../pages/integrations/integrations-page.tsx').then((m) => m.IntegrationsPage),
    { label: 'Integrations', group: 'Keys', Icon: Plug },
  ),
  page('/sinks', 'alerts:read', () => import('../pages/sinks/sinks-page.tsx').then((m) => m.SinksPage), {
    label: 'Alert sinks',
    group: 'Alerting',
    Icon: Send,
  }),
  page('/sinks/:id', 'alerts:read', () => import('../pages/sinks/sink-page.tsx').then((m) => m.SinkPage)),
  page('/jobs', 'jobs:read', () => import('../pages/jobs/jobs-page.tsx').then((m) => m.JobsPage), {
    label: 'Jobs',
    group: 'System',
    Icon: ListChecks,
  }),
  page('/jobs/:id', 'jobs:read', () => import('../pages/jobs/job-page.tsx').then((m) => m.JobPage)),
  page('/backups', 'backups:write', () => import('../pages/backups/backups-page.tsx').then((m) => m.BackupsPage), {
    label: 'Backups',
    group: 'System',
    Icon: Archive,
  }),
  page('/audit', 'audit:read', () => import('../pages/audit/audit-page.tsx').then((m) => m.AuditPage), {
    label: 'Audit log',
    group: 'System',
    Icon: ScrollText,
  }),
  page('/settings', 'settings:read', () => import('../pages/settings/settings-page.tsx').then((m) => m.SettingsPage), {
    label: 'Settings',
    group: 'System',
    Icon: Settings,
  }),
]

function page(path: string, scope: string, load: () => Promise<ComponentType>, nav?: PageRoute['nav']): PageRoute {
  const Page = lazy(async () => ({ default: await load() }))
  return { path, scope, Page, load: () => void load().catch(() => {}), ...(nav && { nav }) }
}
