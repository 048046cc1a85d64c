import { Archive, Eye, ShieldCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { type Backup, useVerifyBackup } from '../../api/operation/backups.ts'
import { ActionMenu } from '../../parts/dialogs/action-menu.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { toastFailed } from '../../shell/alerts/toast.ts'
import { ShowBackup } from './show-backup.tsx'
import type { Work } from './work.ts'

interface Props {
  backups: readonly Backup[] | undefined
  error: unknown
  onRetry: () => unknown
  onBegin: (work: Work) => void
}

/** Every backup, the newest first. */
export function BackupTable({ backups, error, onRetry, onBegin }: Props) {
  const [shown, setShown] = useState<Backup>()
  const verify = useVerifyBackup()
  const { mutate } = verify
  const columns = useMemo<readonly Column<Backup>[]>(() => {
    const check = (number: number) =>
      mutate(number, {
        onSuccess: ({ jobId }) => onBegin({ jobId, title: `Verify backup ${number}` }),
        onError: (failure) => toastFailed('It is not verified', failure),
      })
    return [
      ...plain,
      {
        id: 'actions',
        header: 'More',
        cell: (backup) => (
          <ActionMenu
            label={`Actions for backup ${backup.number}`}
            actions={[
              { label: 'Show', Icon: Eye, onClick: () => setShown(backup) },
              { label: 'Verify', Icon: ShieldCheck, onClick: () => check(backup.number) },
            ]}
          />
        ),
        width: '68px',
        align: 'end',
      },
    ]
  }, [mutate, onBegin])
  return (
    <>
      <DataTable
        label="Backups"
        columns={columns}
        rows={backups}
        error={error}
        onRetry={onRetry}
        rowId={({ number }) => String(number)}
        empty={
          <div className="card">
            <EmptyState
              Icon={Archive}
              title="There is no backup"
              text="One is made every day where backups are scheduled, and whenever you make one."
            />
          </div>
        }
      />
      {shown && <ShowBackup backup={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}

const plain: readonly Column<Backup>[] = [
  {
    id: 'number',
    header: 'Number',
    cell: ({ number }) => <span className="number">{number}</span>,
    sortBy: ({ number }) => number,
    width: '96px',
  },
  {
    id: 'created',
    header: 'Made',
    cell: ({ createdAt }) => <TimeText at={createdAt} />,
    sortBy: ({ createdAt }) => createdAt,
  },
  {
    id: 'reason',
    header: 'Reason',
    cell: ({ reason }) => <span title={reason ?? undefined}>{reason ?? '–'}</span>,
    from: 'tablet',
  },
  {
    id: 'rows',
    header: 'Rows',
    cell: ({ rows }) => <NumberText value={rows} />,
    sortBy: ({ rows }) => rows,
    align: 'end',
    width: '120px',
    from: 'tablet',
  },
  {
    id: 'bytes',
    header: 'Size',
    cell: ({ bytes }) => <NumberText value={bytes} as="bytes" />,
    sortBy: ({ bytes }) => bytes,
    align: 'end',
    width: '110px',
    from: 'tablet',
  },
]
