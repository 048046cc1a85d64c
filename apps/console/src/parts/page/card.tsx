import { Group, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface Props {
  title?: string
  description?: ReactNode
  /** At the right of its title. */
  actions?: ReactNode
  children: ReactNode
  /** Without padding, for a table that reaches its edges. */
  flush?: boolean
}

/** A part of a page with a name. */
export function Card({ title, description, actions, children, flush = false }: Props) {
  const id = useId()
  return (
    <section className="card" {...(title && { 'aria-labelledby': id })} style={flush ? { padding: 0 } : undefined}>
      {title && (
        <Group justify="space-between" align="flex-start" mb="sm" px={flush ? 'md' : 0} pt={flush ? 'md' : 0} gap="xs">
          <div>
            <Title order={2} id={id}>
              {title}
            </Title>
            {description && (
              <Text size="sm" c="dimmed">
                {description}
              </Text>
            )}
          </div>
          {actions}
        </Group>
      )}
      {children}
    </section>
  )
}
