import { NavLink, Text } from '@mantine/core'
import { Link, useLocation } from 'wouter'
import { holdsScope } from '../api/operation/session.ts'
import { navGroups, routes } from './routes.tsx'
import { useSession } from './sign-in/session-context.ts'

/** The pages that the scopes allow, by group. @param onGo called when one is chosen, to close the drawer of a phone */
export function Navigation({ onGo }: { onGo: () => void }) {
  const [location] = useLocation()
  const { scopes } = useSession()
  const offered = routes.filter(({ nav, scope }) => nav && holdsScope(scopes, scope))
  return (
    <nav aria-label="Pages">
      {navGroups.map((group) => {
        const pages = offered.filter(({ nav }) => nav?.group === group)
        if (pages.length === 0) return null
        return (
          <div key={group} className="frame-group">
            <Text size="xs" fw={600} c="dimmed" className="frame-group-name">
              {group}
            </Text>
            {pages.map(({ path, nav, load }) => {
              const here = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`)
              return (
                nav && (
                  <NavLink
                    key={path}
                    component={Link}
                    href={path}
                    label={nav.label}
                    leftSection={<nav.Icon size={17} strokeWidth={1.75} />}
                    active={here}
                    aria-current={here ? 'page' : undefined}
                    onClick={onGo}
                    onPointerEnter={load}
                    className="frame-link"
                  />
                )
              )
            })}
          </div>
        )
      })}
    </nav>
  )
}
