import { ActionIcon, Menu } from '@mantine/core'
import { EllipsisVertical, type LucideIcon } from 'lucide-react'

export interface Action {
  label: string
  Icon: LucideIcon
  onClick: () => void
  /** Cannot be undone. */
  danger?: boolean
  disabled?: boolean
}

/** What can be done with a row. Without anything, nothing is there. @param label of what: `Actions for ci account` */
export function ActionMenu({ label, actions }: { label: string; actions: readonly (Action | false)[] }) {
  const offered = actions.filter((action) => action !== false)
  if (offered.length === 0) return null
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <EllipsisVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map(({ label: name, Icon, onClick, danger, disabled }) => (
          <Menu.Item
            key={name}
            leftSection={<Icon size={15} />}
            onClick={onClick}
            disabled={disabled ?? false}
            {...(danger && { c: 'var(--tone-bad)' })}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
