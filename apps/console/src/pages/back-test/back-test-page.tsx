import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { FlaskConical, Save } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useBackTest } from '../../api/alerts/back-test.ts'
import { useSettings } from '../../api/operation/settings.ts'
import { Card } from '../../parts/page/card.tsx'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { KeysPicker } from '../../parts/pickers/keys-picker.tsx'
import { type ThresholdChanges, ThresholdInputs } from '../../parts/pickers/threshold-inputs.tsx'
import { type Span, spanOf, TimeRange } from '../../parts/pickers/time-range.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Loading } from '../../parts/states/loading.tsx'
import { Notice } from '../../parts/states/notice.tsx'
import { ruleName } from '../../parts/words/rule-name.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { Outcome } from './outcome.tsx'
import { type TestedRule, testedRules } from './rules.ts'
import { SaveThresholdsDialog } from './save-thresholds-dialog.tsx'

/** Tries thresholds on what was, before they are set. */
export function BackTestPage() {
  const readsSettings = useMay('settings:read')
  const settings = useSettings(readsSettings)
  const savesSettings = useMay('settings:write')
  const readsKeys = useMay('keys:read')
  const test = useBackTest()
  const [changes, setChanges] = useState<ThresholdChanges>({})
  const [rules, setRules] = useState<TestedRule[]>([...testedRules])
  const [keyIds, setKeyIds] = useState<string[]>([])
  const [choice, setChoice] = useState('604800')
  const [own, setOwn] = useState<Span>({ from: '', to: '' })
  const [saving, setSaving] = useState(false)

  const inForce = settings.data?.anomaly.thresholds
  const span = spanOf(choice, own, Date.now())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const asked = spanOf(choice, own, Date.now())
    if (!asked || rules.length === 0) return
    test.mutate({ ...asked, rules, thresholds: changes, ...(keyIds.length > 0 && { keyIds }) })
  }

  return (
    <>
      <PageHeader
        title="Back-test"
        description="What other thresholds would have found in the usage that is stored. Nothing is written, nobody is told."
        parents={[{ label: 'Anomalies', href: '/anomalies' }]}
      />
      <PageBody>
        <Card>
          {settings.error && <ErrorState error={settings.error} onRetry={settings.refetch} />}
          {!readsSettings && (
            <Notice title="Not for this key" text="To see the thresholds in force takes settings:read." />
          )}
          {readsSettings && !settings.error && !inForce && <Loading lines={8} />}
          {inForce && (
            <form onSubmit={submit}>
              <Stack gap="lg">
                <Group gap="lg" align="flex-end">
                  <TimeRange
                    choice={choice}
                    span={own}
                    onChange={(next, chosen) => {
                      setChoice(next)
                      setOwn(chosen)
                    }}
                  />
                </Group>
                <Checkbox.Group label="Rules" value={rules} onChange={(chosen) => setRules(chosen as TestedRule[])}>
                  <Group gap="lg" mt={6}>
                    {testedRules.map((rule) => (
                      <Checkbox key={rule} value={rule} label={ruleName(rule)} />
                    ))}
                  </Group>
                </Checkbox.Group>
                <ThresholdInputs
                  base={inForce}
                  baseName="in force"
                  changes={changes}
                  onChange={setChanges}
                  rules={rules}
                />
                {readsKeys && (
                  <KeysPicker
                    label="Keys"
                    placeholder="All: the 1,000 that were used last"
                    value={keyIds}
                    onChange={(ids) => setKeyIds(ids)}
                  />
                )}
                <Group gap="xs">
                  <Button
                    type="submit"
                    leftSection={<FlaskConical size={15} />}
                    loading={test.isPending}
                    disabled={!span || rules.length === 0}
                  >
                    Run
                  </Button>
                  {test.isPending && (
                    <Button variant="default" onClick={test.cancel}>
                      Cancel
                    </Button>
                  )}
                  {savesSettings && Object.keys(changes).length > 0 && (
                    <Button variant="default" leftSection={<Save size={15} />} onClick={() => setSaving(true)}>
                      Save these thresholds
                    </Button>
                  )}
                  <Text size="sm" c="dimmed" role="status">
                    {test.isPending && 'Running over the stored usage; up to 20 seconds.'}
                    {!span && 'The end must lie after the beginning.'}
                  </Text>
                </Group>
              </Stack>
            </form>
          )}
        </Card>
        {test.error && <ErrorState error={test.error} />}
        {test.data && <Outcome result={test.data} />}
      </PageBody>
      {saving && inForce && (
        <SaveThresholdsDialog
          inForce={inForce}
          changes={changes}
          onClose={() => setSaving(false)}
          onSaved={() => setChanges({})}
        />
      )}
    </>
  )
}
