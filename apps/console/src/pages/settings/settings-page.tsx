import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { SessionsCard } from './sessions-card.tsx'
import { SystemCard } from './system-card.tsx'
import { ThresholdsCard } from './thresholds-card.tsx'

/** What operators set while everything runs, where they are signed in, and what runs. */
export function SettingsPage() {
  const settings = useMay('settings:read')
  const system = useMay('system:read')
  return (
    <>
      <PageHeader title="Settings" description="Thresholds of detection, your sessions, and what runs." />
      <PageBody>
        {settings && <ThresholdsCard />}
        <SessionsCard />
        {system && <SystemCard />}
      </PageBody>
    </>
  )
}
