import { Menu, Text, UnstyledButton } from '@mantine/core'
import { ChevronsUpDown, LogOut } from 'lucide-react'
import { useSignOut } from '../../api/operation/session.ts'
import { TimeText } from '../../parts/words/time-text.tsx'
import { SchemeSwitch } from '../scheme-switch.tsx'
import { useSession } from './session-context.ts'

/** Who is signed in, until when, and the way out. */
export function SessionMenu() {
  const { name, type, expiresAt, scopes } = useSession()
  const signOut = useSignOut()
  return (
    <div className="frame-session">
      <Menu position="top-start" width={264} withinPortal>
        <Menu.Target>
          <UnstyledButton className="frame-who">
            <span className="frame-who-name">
              <Text size="sm" fw={550} className="cut">
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                {type} key
              </Text>
            </span>
            <ChevronsUpDown size={15} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            Signed in until <TimeText at={expiresAt} />
          </Menu.Label>
          <Menu.Label>
            <span className="mono">{scopes.slice(0, 8).join(' ')}</span>
            {scopes.length > 8 && ` and ${scopes.length - 8} more`}
          </Menu.Label>
          <Menu.Divider />
          <Menu.Item leftSection={<LogOut size={16} />} onClick={() => signOut.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SchemeSwitch />
    </div>
  )
}
