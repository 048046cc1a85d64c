import { Gauge, KeyRound, type LucideIcon } from 'lucide-react'
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
  page('/keys', 'keys:read', () => import('../pages/keys/keys-page.tsx').then((m) => m.KeysPage), {
    label: 'Keys',
    group: 'Keys',
    Icon: KeyRound,
  }),
  page('/keys/:id', 'keys:read', () => import('../pages/keys/key-page.tsx').then((m) => m.KeyPage)),
]

function page(path: string, scope: string, load: () => Promise<ComponentType>, nav?: PageRoute['nav']): PageRoute {
  const Page = lazy(async () => ({ default: await load() }))
  return { path, scope, Page, load: () => void load().catch(() => {}), ...(nav && { nav }) }
}
