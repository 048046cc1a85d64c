import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { FlaskConical, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { type Settings, useResetThresholds, useSettings } from '../../api/operation/settings.ts'
import { ConfirmDialog } from '../../parts/dialogs/confirm-dialog.tsx'
import { Card } from '../../parts/page/card.tsx'
import { type ThresholdChanges, ThresholdInputs } from '../../parts/pickers/threshold-inputs.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Loading } from '../../parts/states/loading.tsx'
import { KeyLink } from '../../parts/words/key-link.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { toastDone } from '../../shell/alerts/toast.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { SaveThresholdsDialog } from '../back-test/save-thresholds-dialog.tsx'
import { Overrides } from './overrides.tsx'

/** Thresholds that are in force, and where each of them comes from. */
export function ThresholdsCard() {
  const { data, error, refetch } = useSettings()
  return (
    <Card
      title="Thresholds of detection"
      description="For every key whose policy has none of its own. Workers take a change within 5 seconds."
      actions={
        <Button component={Link} href="/back-test" variant="default" size="xs" leftSection={<FlaskConical size={14} />}>
          Back-test first
        </Button>
      }
    >
      {error && !data && <ErrorState error={error} onRetry={refetch} />}
      {!error && !data && <Loading lines={8} />}
      {data && <ThresholdForm settings={data} />}
    </Card>
  )
}

function ThresholdForm({ settings: { anomaly } }: { settings: Settings }) {
  const writes = useMay('settings:write')
  const [changes, setChanges] = useState<ThresholdChanges>({})
  const [saving, save] = useDisclosure(false)
  const [resetting, reset] = useDisclosure(false)
  const resetAll = useResetThresholds()
  const changed = Object.keys(changes).length
  return (
    <>
      <ThresholdInputs
        base={anomaly.thresholds}
        baseName="in force"
        changes={changes}
        onChange={setChanges}
        disabled={!writes}
      />
      <Overrides anomaly={anomaly} />
      {anomaly.updatedAt && (
        <Text size="sm" c="dimmed" mt="sm">
          Last set <TimeText at={anomaly.updatedAt} as="distance" /> by <KeyLink id={anomaly.updatedBy} />.
        </Text>
      )}
      {writes && (
        <Group gap="xs" mt="md">
          <Button disabled={changed === 0} onClick={save.open}>
            Save …
          </Button>
          {changed > 0 && (
            <Button variant="default" onClick={() => setChanges({})}>
              Discard
            </Button>
          )}
          {anomaly.overridden.length > 0 && (
            <Button variant="default" leftSection={<RotateCcw size={14} />} onClick={reset.open}>
              Back to the environment …
            </Button>
          )}
        </Group>
      )}
      {saving && (
        <SaveThresholdsDialog
          inForce={anomaly.thresholds}
          changes={changes}
          onClose={save.close}
          onSaved={() => setChanges({})}
        />
      )}
      <ConfirmDialog
        opened={resetting}
        onClose={reset.close}
        title="Back to the environment"
        confirmLabel="Take all back"
        pending={resetAll.isPending}
        error={resetAll.error}
        onConfirm={() =>
          resetAll.mutate(undefined, {
            onSuccess: () => {
              toastDone('The thresholds of the environment are in force')
              reset.close()
            },
          })
        }
      >
        <Text size="sm">All thresholds that were set here are removed; what the environment says holds again.</Text>
      </ConfirmDialog>
    </>
  )
}
