import { Alert, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { GitCompare, Plus } from 'lucide-react'
import { useState } from 'react'
import { useBackups } from '../../api/operation/backups.ts'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { StatTile } from '../../parts/page/stat-tile.tsx'
import { formatBytes } from '../../parts/words/format.ts'
import { BackupTable } from './backup-table.tsx'
import { CreateBackupDialog } from './create-backup-dialog.tsx'
import { DiffDialog } from './diff-dialog.tsx'
import { LastBackup } from './last-backup.tsx'
import { RestoreCard } from './restore-card.tsx'
import type { Work } from './work.ts'
import { WorkCard } from './work-card.tsx'
import '../../parts/page/stat-tile.css'

/** Backups: what there is, whether it is good, and how to get back. */
export function BackupsPage() {
  const [works, setWorks] = useState<readonly Work[]>([])
  const [creating, create] = useDisclosure(false)
  const [comparing, compare] = useDisclosure(false)
  const [moving, setMoving] = useState(false)
  const { data, error, refetch } = useBackups(moving)
  const begin = (work: Work) => {
    setWorks((before) => [work, ...before])
    setMoving(true)
  }
  const bytes = data?.data.reduce((sum, backup) => sum + backup.bytes, 0)
  return (
    <>
      <PageHeader
        title="Backups"
        description={data ? `They lie in ${data.storage}` : 'Everything that Momentry knows, encrypted and signed.'}
        actions={
          <>
            {data && data.data.length > 1 && (
              <Button variant="default" leftSection={<GitCompare size={15} />} onClick={compare.open}>
                Compare
              </Button>
            )}
            <Button leftSection={<Plus size={15} />} onClick={create.open}>
              Make a backup
            </Button>
          </>
        }
      />
      <PageBody>
        {data && data.damaged.length > 0 && (
          <Alert color="red" variant="light" title="Some are damaged">
            {data.damaged.map(({ number, reason }) => `Backup ${number}: ${reason}`).join('. ')}
          </Alert>
        )}
        <div className="stat-row">
          <LastBackup backups={data?.data} />
          <StatTile label="Backups" value={data?.data.length} note={unfinishedNote(data?.unfinished ?? [])} />
          <StatTile label="Together" value={bytes === undefined ? undefined : formatBytes(bytes)} />
        </div>
        {works.map((work) => (
          <WorkCard key={work.jobId} work={work} onOver={() => setMoving(false)} />
        ))}
        <BackupTable backups={data?.data} error={error} onRetry={refetch} onBegin={begin} />
        <RestoreCard newest={data?.data[0]?.number} />
      </PageBody>
      {creating && <CreateBackupDialog onClose={create.close} onBegin={begin} />}
      {comparing && data && <DiffDialog backups={data.data} onClose={compare.close} onBegin={begin} />}
    </>
  )
}

function unfinishedNote(unfinished: readonly number[]): string {
  if (unfinished.length === 0) return 'None is under way'
  return `Under way, or left behind: ${unfinished.join(', ')}`
}
