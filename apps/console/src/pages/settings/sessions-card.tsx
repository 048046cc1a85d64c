import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { LogOut } from 'lucide-react'
import { type OwnSession, useEndSession, useSessions, useSignOutEverywhere } from '../../api/operation/sessions.ts'
import { ToneBadge } from '../../parts/badges/badge.tsx'
import { ConfirmDialog } from '../../parts/dialogs/confirm-dialog.tsx'
import { Card } from '../../parts/page/card.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { toastDone, toastFailed } from '../../shell/alerts/toast.ts'
import { nameBrowser } from './name-browser.ts'

const columns: readonly Column<OwnSession>[] = [
  {
    id: 'browser',
    header: 'Browser',
    cell: ({ userAgent, current }) => (
      <span title={userAgent ?? undefined}>
        {nameBrowser(userAgent)} {current && <ToneBadge tone="good">this one</ToneBadge>}
      </span>
    ),
  },
  {
    id: 'address',
    header: 'Address',
    cell: ({ address }) => <span className="mono">{address ?? '–'}</span>,
    width: '180px',
    from: 'tablet',
  },
  {
    id: 'seen',
    header: 'Last seen',
    cell: ({ lastSeenAt }) => <TimeText at={lastSeenAt} as="distance" />,
    sortBy: ({ lastSeenAt }) => lastSeenAt,
    width: '140px',
  },
  {
    id: 'created',
    header: 'Signed in',
    cell: ({ createdAt }) => <TimeText at={createdAt} as="distance" />,
    sortBy: ({ createdAt }) => createdAt,
    width: '140px',
    from: 'desktop',
  },
  {
    id: 'ends',
    header: 'Ends',
    cell: ({ expiresAt }) => <TimeText at={expiresAt} as="distance" />,
    width: '130px',
    from: 'tablet',
  },
  { id: 'end', header: 'End', cell: (session) => <EndSession session={session} />, width: '110px', align: 'end' },
]

/** Where the key that is signed in has sessions, and the way out of all of them. */
export function SessionsCard() {
  const { data, error, refetch } = useSessions()
  const [asking, ask] = useDisclosure(false)
  const signOut = useSignOutEverywhere()
  return (
    <Card
      title="Your sessions"
      description="Of the key that is signed in. They end by themselves 2 hours after the last use, and with the key's secret."
      flush
      actions={
        <Button variant="default" size="xs" leftSection={<LogOut size={14} />} onClick={ask.open}>
          Sign out everywhere
        </Button>
      }
    >
      <DataTable
        label="Your sessions"
        columns={columns}
        rows={data?.data}
        error={error}
        onRetry={refetch}
        rowId={({ id }) => id}
        empty={<EmptyState title="No session" />}
        rowHeight={40}
      />
      <ConfirmDialog
        opened={asking}
        onClose={ask.close}
        title="Sign out everywhere"
        confirmLabel="Sign out everywhere"
        danger
        pending={signOut.isPending}
        error={signOut.error}
        onConfirm={() => signOut.mutate()}
      >
        <Text size="sm">Every session of this key ends, this one too. The key itself is not touched.</Text>
      </ConfirmDialog>
    </Card>
  )
}

function EndSession({ session }: { session: OwnSession }) {
  const end = useEndSession()
  if (session.current) return null
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={end.isPending}
      aria-label={`Sign out ${nameBrowser(session.userAgent)} at ${session.address ?? 'an address that is not told'}`}
      onClick={() =>
        end.mutate(session.id, {
          onSuccess: () => toastDone('Signed out there', nameBrowser(session.userAgent)),
          onError: (error) => toastFailed('It goes on', error),
        })
      }
    >
      Sign out
    </Button>
  )
}
