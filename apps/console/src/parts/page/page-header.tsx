import { Anchor, Breadcrumbs, Group, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import './page-header.css'

interface Props {
  /** The page's heading, and the window's title. */
  title: string
  /** Beside the heading: a badge of its state. */
  badge?: ReactNode
  description?: ReactNode
  /** Buttons. */
  actions?: ReactNode
  /** Pages above this one. */
  parents?: readonly { label: string; href: string }[]
}

/** A page's head. On a change of page it takes the focus, so that a screen reader starts there. */
export function PageHeader({ title, badge, description, actions, parents = [] }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [location] = useLocation()
  useEffect(() => {
    document.title = `${title} · Momentry`
  }, [title])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of address that moves the focus
  useEffect(() => {
    if (movedOn) heading.current?.focus({ preventScroll: true })
    movedOn = true
    window.scrollTo(0, 0)
  }, [location])
  return (
    <header className="page-header">
      <div className="page-header-text">
        {parents.length > 0 && (
          <Breadcrumbs separatorMargin={6} mb={4}>
            {parents.map(({ label, href }) => (
              <Anchor key={href} component={Link} href={href} size="sm" c="dimmed">
                {label}
              </Anchor>
            ))}
          </Breadcrumbs>
        )}
        <Group gap="sm" wrap="nowrap">
          <Title order={1} ref={heading} tabIndex={-1} className="page-header-title">
            {title}
          </Title>
          {badge}
        </Group>
        {description && (
          <Text c="dimmed" size="md" mt={2}>
            {description}
          </Text>
        )}
      </div>
      {actions && <Group gap="xs">{actions}</Group>}
    </header>
  )
}

/** The first page of a visit leaves the focus where the browser put it. */
let movedOn = false
