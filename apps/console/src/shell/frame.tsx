import { AppShell, Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense } from 'react'
import { Link, Route, Switch, useLocation } from 'wouter'
import { holdsScope } from '../api/operation/session.ts'
import { PageHeader } from '../parts/page/page-header.tsx'
import { Loading } from '../parts/states/loading.tsx'
import { Notice } from '../parts/states/notice.tsx'
import { LiveAlerts } from './alerts/live-alerts.tsx'
import { Boundary } from './boundary.tsx'
import { Mark } from './mark.tsx'
import { Navigation } from './navigation.tsx'
import { routes } from './routes.tsx'
import { useSession } from './sign-in/session-context.ts'
import { SessionMenu } from './sign-in/session-menu.tsx'
import './frame.css'

/** The page with its navigation: at the side, or in a drawer where the screen is narrow. */
export function Frame() {
  const [open, drawer] = useDisclosure(false)
  const [location] = useLocation()
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !open } }}
      layout="alt"
    >
      <a href="#page" className="frame-skip">
        Skip to the page
      </a>
      <AppShell.Header hiddenFrom="sm" className="frame-header">
        <Burger opened={open} onClick={drawer.toggle} size="sm" aria-label="Pages" aria-expanded={open} />
        <Brand />
      </AppShell.Header>
      <AppShell.Navbar className="frame-navbar">
        <Group justify="space-between" className="frame-brand">
          <Brand />
          <Burger opened onClick={drawer.close} size="sm" hiddenFrom="sm" aria-label="Close the list of pages" />
        </Group>
        <div className="frame-pages">
          <Navigation onGo={drawer.close} />
        </div>
        <SessionMenu />
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1} className="frame-main">
        <div className="frame-page">
          <Boundary resetBy={location}>
            <Suspense fallback={<Loading />}>
              <Pages />
            </Suspense>
          </Boundary>
        </div>
      </AppShell.Main>
      <LiveAlerts />
    </AppShell>
  )
}

function Pages() {
  const { scopes } = useSession()
  return (
    <Switch>
      {routes.map(({ path, Page, scope }) => (
        <Route key={path} path={path}>
          {holdsScope(scopes, scope) ? <Page /> : <NotAllowed scope={scope} />}
        </Route>
      ))}
      <Route>
        <PageHeader title="Not found" />
        <Notice title="There is no such page" text="The address may be old, or cut off." />
      </Route>
    </Switch>
  )
}

function NotAllowed({ scope }: { scope: string }) {
  return (
    <>
      <PageHeader title="Not for this key" />
      <Notice title="The key that is signed in lacks a scope" text={`This page needs ${scope}.`} />
    </>
  )
}

function Brand() {
  return (
    <Link href="/" className="frame-mark">
      <Mark />
      <Text span fw={650} size="lg">
        Momentry
      </Text>
    </Link>
  )
}
