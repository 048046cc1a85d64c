import { Group, NumberInput, Select, Stack, Switch } from '@mantine/core'
import { issueAt } from '../../../api/error.ts'
import type { KeyPolicy } from '../../../api/keys/keys.ts'
import { severities } from '../../../parts/badges/tones.ts'
import { toCount } from './to-count.ts'
import { withPart } from './with-part.ts'

interface Props {
  policy: KeyPolicy
  onChange: (policy: KeyPolicy) => void
  error: unknown
}

const day = 86_400
const onAnomaly = [
  { value: 'none', label: 'only tell' },
  { value: 'throttle', label: 'slow the key down' },
  { value: 'disable', label: 'disable the key' },
  { value: 'rotate', label: 'rotate, without grace' },
] as const
const onLeak = [
  { value: 'rotate', label: 'rotate, without grace' },
  { value: 'revoke', label: 'revoke the key' },
  { value: 'none', label: 'only tell' },
] as const

const pick = <Value extends string>(all: readonly { value: Value }[], text: string | null): Value | undefined =>
  all.find(({ value }) => value === text)?.value

/** How a key's secret is renewed, and what Momentry does by itself. */
export function ReactionFields({ policy, onChange, error }: Props) {
  const { rotation = {} } = policy
  const setRotation = (name: 'intervalSeconds' | 'graceSeconds', seconds: number | undefined) => {
    const { [name]: _before, ...others } = rotation
    onChange(withPart(policy, 'rotation', seconds === undefined ? others : { ...rotation, [name]: seconds }))
  }
  return (
    <Stack gap="md">
      <Group align="flex-start" gap="sm" grow>
        <NumberInput
          label="A new secret every … days"
          description="Never by schedule where it is empty"
          min={1}
          max={3650}
          value={rotation.intervalSeconds ? rotation.intervalSeconds / day : ''}
          onChange={(value) => setRotation('intervalSeconds', seconds(value, day))}
          error={issueAt(error, '/policy/rotation/intervalSeconds')}
        />
        <NumberInput
          label="Grace, in hours"
          description="As its type has it where it is empty"
          min={0}
          max={72}
          value={rotation.graceSeconds === undefined ? '' : rotation.graceSeconds / 3600}
          onChange={(value) => setRotation('graceSeconds', seconds(value, 3600))}
          error={issueAt(error, '/policy/rotation/graceSeconds')}
        />
      </Group>
      <Group align="flex-start" gap="sm" grow>
        <Select
          label="After an anomaly"
          data={onAnomaly}
          value={policy.onAnomaly ?? 'none'}
          allowDeselect={false}
          onChange={(value) => onChange(withPart(policy, 'onAnomaly', pick(onAnomaly, value)))}
        />
        <Select
          label="from the severity"
          data={severities}
          value={policy.minimumSeverity ?? 'high'}
          disabled={(policy.onAnomaly ?? 'none') === 'none'}
          allowDeselect={false}
          onChange={(value) =>
            onChange(
              withPart(
                policy,
                'minimumSeverity',
                severities.find((severity) => severity === value),
              ),
            )
          }
        />
      </Group>
      {policy.onAnomaly === 'throttle' && <ThrottleFields policy={policy} onChange={onChange} error={error} />}
      <Select
        label="After a proved leak"
        data={onLeak}
        value={policy.onLeak ?? 'rotate'}
        allowDeselect={false}
        onChange={(value) => onChange(withPart(policy, 'onLeak', pick(onLeak, value)))}
      />
      <Switch
        label="Dry run"
        description="Only note and tell what would have been done"
        checked={policy.dryRun ?? false}
        onChange={(event) => onChange(withPart(policy, 'dryRun', event.currentTarget.checked || undefined))}
      />
    </Stack>
  )
}

function ThrottleFields({ policy, onChange, error }: Props) {
  const { throttle = {} } = policy
  const set = (name: 'requestsPerMinute' | 'forSeconds', count: number | undefined) => {
    const { [name]: _before, ...others } = throttle
    onChange(withPart(policy, 'throttle', count === undefined ? others : { ...throttle, [name]: count }))
  }
  return (
    <Group align="flex-start" gap="sm" grow>
      <NumberInput
        label="Down to, in requests a minute"
        placeholder="60"
        min={1}
        value={throttle.requestsPerMinute ?? ''}
        onChange={(value) => set('requestsPerMinute', toCount(value))}
        error={issueAt(error, '/policy/throttle/requestsPerMinute')}
      />
      <NumberInput
        label="for, in minutes"
        placeholder="15"
        min={1}
        value={throttle.forSeconds === undefined ? '' : throttle.forSeconds / 60}
        onChange={(value) => set('forSeconds', seconds(value, 60))}
        error={issueAt(error, '/policy/throttle/forSeconds')}
      />
    </Group>
  )
}

function seconds(value: string | number, unit: number): number | undefined {
  const count = toCount(value)
  return count === undefined ? undefined : Math.round(count * unit)
}
