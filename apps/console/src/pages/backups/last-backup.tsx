import type { Backup } from '../../api/operation/backups.ts'
import { StatTile } from '../../parts/page/stat-tile.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'

/** How old the newest backup is: what would be lost. */
export function LastBackup({ backups }: { backups: readonly Backup[] | undefined }) {
  const newest = backups?.[0]
  if (backups && !newest) return <StatTile label="Newest" value="None" tone="bad" note="Make one now" />
  return (
    <StatTile
      label="Newest"
      value={newest && <TimeText at={newest.createdAt} as="distance" />}
      note={newest?.reason ?? ' '}
    />
  )
}
