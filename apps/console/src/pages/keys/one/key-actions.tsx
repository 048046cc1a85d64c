import { Button } from '@mantine/core'
import { CircleOff, Pencil, Power, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { type Key, useUpdateKey } from '../../../api/keys/keys.ts'
import { ActionMenu } from '../../../parts/dialogs/action-menu.tsx'
import { RotateKeyDialog } from '../../../parts/dialogs/rotate-key-dialog.tsx'
import { toastDone, toastFailed } from '../../../shell/alerts/toast.ts'
import { useMay } from '../../../shell/sign-in/session-context.ts'
import { EditKey } from '../edit-key.tsx'
import { DisableKey } from './disable-key.tsx'
import { RevokeKey } from './revoke-key.tsx'

/** What can be done with a key in its state, by whom is signed in. */
export function KeyActions({ keyNow }: { keyNow: Key }) {
  const writes = useMay('keys:write')
  const rotates = useMay('rotations:write')
  const update = useUpdateKey(keyNow.id)
  const [open, setOpen] = useState<'edit' | 'disable' | 'revoke' | 'rotate'>()
  const close = () => setOpen(undefined)
  const { status, enabled, name } = keyNow
  // A revoked key is over for good.
  if (status === 'revoked') return null
  const enable = () =>
    update.mutate(
      { enabled: true },
      {
        onSuccess: () => toastDone('Enabled', name),
        onError: (error) => toastFailed('It is not enabled', error),
      },
    )
  return (
    <>
      {rotates && status !== 'expired' && (
        <Button variant="default" leftSection={<RefreshCw size={15} />} onClick={() => setOpen('rotate')}>
          Rotate
        </Button>
      )}
      {writes && (
        <>
          {!enabled && (
            <Button variant="default" leftSection={<Power size={15} />} loading={update.isPending} onClick={enable}>
              Enable
            </Button>
          )}
          <Button variant="default" leftSection={<Pencil size={15} />} onClick={() => setOpen('edit')}>
            Edit
          </Button>
          <ActionMenu
            label="More actions"
            actions={[
              enabled && { label: 'Disable …', Icon: CircleOff, onClick: () => setOpen('disable') },
              { label: 'Revoke …', Icon: Trash2, danger: true, onClick: () => setOpen('revoke') },
            ]}
          />
        </>
      )}
      {open === 'edit' && <EditKey keyNow={keyNow} onClose={close} />}
      {open === 'disable' && <DisableKey keyNow={keyNow} onClose={close} />}
      {open === 'revoke' && <RevokeKey keyNow={keyNow} onClose={close} />}
      {open === 'rotate' && <RotateKeyDialog keyId={keyNow.id} keyName={name} onClose={close} />}
    </>
  )
}
