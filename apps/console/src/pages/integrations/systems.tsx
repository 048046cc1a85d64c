import type { Integration } from '../../api/operation/integrations.ts'
import { ToneBadge } from '../../parts/badges/badge.tsx'
import { Card } from '../../parts/page/card.tsx'
import { Facts } from '../../parts/page/facts.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import './integrations.css'

/** The systems whose credentials can be looked after, and what each of them can do. */
export function Systems({ systems }: { systems: readonly Integration[] }) {
  if (systems.length === 0) return <EmptyState title="This Momentry knows no other system" />
  return (
    <div className="systems">
      {systems.map(({ system, title, server, capabilities, collection }) => (
        <Card
          key={system}
          title={title}
          actions={<ToneBadge tone={server ? 'good' : 'neutral'}>{server ? 'configured' : 'not configured'}</ToneBadge>}
        >
          <Facts
            rows={[
              ['Server', server ?? `Set ${system.toUpperCase()}_URL`],
              ['Credentials', collection],
              ['Ends them at their expiry', capabilities && (capabilities.expires ? 'By itself' : 'Momentry does')],
              ['Acts for others', capabilities && (capabilities.actsForOthers ? 'An account may' : 'No')],
            ]}
          />
        </Card>
      ))}
    </div>
  )
}
