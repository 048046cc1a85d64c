import { ActionIcon, Button, Fieldset, Group, NumberInput, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { Plus, Trash2 } from 'lucide-react'
import { issueAt } from '../../../api/error.ts'
import type { KeyPolicy } from '../../../api/keys/keys.ts'
import { toCount } from './to-count.ts'
import { withPart } from './with-part.ts'

interface Props {
  policy: KeyPolicy
  onChange: (policy: KeyPolicy) => void
  error: unknown
}

type RateLimit = NonNullable<KeyPolicy['rateLimits']>[number]
const refills = [
  { value: 'daily', label: 'a day' },
  { value: 'monthly', label: 'a month' },
]

/** How often a key may be used, and from where. */
export function LimitFields({ policy, onChange, error }: Props) {
  const { quota, allowedAddresses = [] } = policy
  const setQuota = (next: NonNullable<KeyPolicy['quota']> | undefined) => onChange(withPart(policy, 'quota', next))
  return (
    <Stack gap="md">
      <RateLimits policy={policy} onChange={onChange} error={error} />
      <Group align="flex-end" gap="sm">
        <NumberInput
          label="Quota, in requests"
          description="None where it is empty"
          min={1}
          max={1_000_000_000}
          thousandSeparator=","
          allowDecimal={false}
          value={quota?.requests ?? ''}
          onChange={(value) => {
            const requests = toCount(value)
            setQuota(requests === undefined ? undefined : { requests, refill: quota?.refill ?? 'daily' })
          }}
          error={issueAt(error, '/policy/quota')}
          flex="1 1 10rem"
        />
        <Select
          label="in"
          data={refills}
          value={quota?.refill ?? 'daily'}
          disabled={!quota}
          allowDeselect={false}
          onChange={(refill) => quota && setQuota({ ...quota, refill: refill === 'monthly' ? 'monthly' : 'daily' })}
          flex="1 1 8rem"
        />
      </Group>
      <TagsInput
        label="Allowed addresses"
        description="Addresses and CIDR ranges, as 203.0.113.0/24. Without any: from anywhere"
        value={allowedAddresses}
        onChange={(next) => onChange(withPart(policy, 'allowedAddresses', next.length > 0 ? next : undefined))}
        splitChars={[',', ' ']}
        maxTags={100}
        acceptValueOnBlur
        error={issueAt(error, '/policy/allowedAddresses')}
      />
    </Stack>
  )
}

function RateLimits({ policy, onChange, error }: Props) {
  const limits = policy.rateLimits ?? []
  const set = (next: RateLimit[]) => onChange(withPart(policy, 'rateLimits', next.length > 0 ? next : undefined))
  const change = (index: number, part: Partial<RateLimit>) =>
    set(limits.map((limit, place) => (place === index ? { ...limit, ...part } : limit)))
  return (
    <Fieldset legend="Rate limits" variant="unstyled">
      <Stack gap="xs">
        {limits.map((limit, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: their names change while they are typed
          <Group key={index} align="flex-end" gap="xs" wrap="nowrap">
            <TextInput
              label="Name"
              value={limit.name}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
              error={issueAt(error, `/policy/rateLimits/${index}/name`)}
              flex={2}
            />
            <NumberInput
              label="Requests"
              min={1}
              allowDecimal={false}
              thousandSeparator=","
              value={limit.requests}
              onChange={(value) => change(index, { requests: toCount(value) ?? 1 })}
              error={issueAt(error, `/policy/rateLimits/${index}/requests`)}
              flex={2}
            />
            <NumberInput
              label="in seconds"
              min={1}
              allowDecimal={false}
              value={limit.windowSeconds}
              onChange={(value) => change(index, { windowSeconds: toCount(value) ?? 1 })}
              error={issueAt(error, `/policy/rateLimits/${index}/windowSeconds`)}
              flex={2}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={`Take the limit ${limit.name} away`}
              onClick={() => set(limits.filter((_, place) => place !== index))}
            >
              <Trash2 size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={limits.length >= 10}
          onClick={() => set([...limits, { name: freeName(limits), requests: 100, windowSeconds: 60 }])}
          style={{ alignSelf: 'flex-start' }}
        >
          Add a rate limit
        </Button>
      </Stack>
    </Fieldset>
  )
}

function freeName(limits: readonly RateLimit[]): string {
  const names = ['burst', 'minute', 'hour', ...limits.map((_, index) => `limit-${index + 1}`)]
  return names.find((name) => limits.every((limit) => limit.name !== name)) ?? `limit-${limits.length + 1}`
}
