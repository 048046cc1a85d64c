import type { Key } from '../../../api/keys/keys.ts'
import { Card } from '../../../parts/page/card.tsx'
import { Facts } from '../../../parts/page/facts.tsx'
import { Chips } from '../../../parts/pickers/chips.tsx'
import { KeyLink } from '../../../parts/words/key-link.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'

/** What a key is. */
export function KeyFacts({ keyNow }: { keyNow: Key }) {
  const { type, ownerId, scopes, expiresAt, createdAt, createdBy, updatedAt, metadata, publicKey } = keyNow
  const more = Object.keys(metadata).length > 0
  return (
    <Card title="About">
      <Facts
        rows={[
          ['Type', type],
          ['Owner', ownerId],
          ['Scopes', <Chips key="scopes" items={scopes} none="none" />],
          ['Expires', <TimeText key="expires" at={expiresAt} none="never" />],
          ['Created', <TimeText key="created" at={createdAt} />],
          ['Created by', <KeyLink key="by" id={createdBy} none="Momentry" />],
          ['Changed', <TimeText key="changed" at={updatedAt} />],
          ['Public key', publicKey ? 'yes: successors are handed over encrypted' : undefined],
          [
            'Metadata',
            more ? (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
              <pre key="metadata" className="key-json mono" tabIndex={0}>
                {JSON.stringify(metadata, null, 2)}
              </pre>
            ) : undefined,
          ],
        ]}
      />
    </Card>
  )
}
