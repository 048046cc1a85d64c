import { NumberInput, SimpleGrid, Text } from '@mantine/core'
import { issueAt } from '../../../api/error.ts'
import type { KeyPolicy } from '../../../api/keys/keys.ts'
import { toCount } from './to-count.ts'
import { withPart } from './with-part.ts'

interface Props {
  policy: KeyPolicy
  onChange: (policy: KeyPolicy) => void
  error: unknown
}

type Name = keyof NonNullable<KeyPolicy['anomaly']>

/** A share is shown in percent. */
const fields: readonly { name: Name; label: string; share?: boolean }[] = [
  { name: 'requestsPerMinute', label: 'Requests a minute' },
  { name: 'ipsPerHour', label: 'Addresses an hour' },
  { name: 'errorRate', label: 'Errors, in % of requests', share: true },
  { name: 'errorMinRequests', label: '… from so many requests on' },
  { name: 'timeMaxShare', label: 'An hour is unusual below, in % of use', share: true },
  { name: 'timeMinRequests', label: '… from so many requests on' },
  { name: 'timeMinDays', label: '… once its history has, in days' },
  { name: 'timeMinHistory', label: '… and in requests' },
]

/** From where on something about this key is an anomaly, where that differs from the other keys. */
export function ThresholdFields({ policy, onChange, error }: Props) {
  const anomaly = policy.anomaly ?? {}
  const set = (name: Name, value: number | undefined) => {
    const { [name]: _before, ...others } = anomaly
    const next = value === undefined ? others : { ...anomaly, [name]: value }
    onChange(withPart(policy, 'anomaly', Object.keys(next).length > 0 ? next : undefined))
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        What is empty is as for all keys.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {fields.map(({ name, label, share }) => {
          const value = anomaly[name]
          const scale = share ? 100 : 1
          return (
            <NumberInput
              key={name}
              label={label}
              min={0}
              decimalScale={share ? 3 : 0}
              value={value === undefined ? '' : Number((value * scale).toFixed(3))}
              onChange={(text) => {
                const count = toCount(text)
                set(name, count === undefined ? undefined : count / scale)
              }}
              error={issueAt(error, `/policy/anomaly/${name}`)}
            />
          )
        })}
      </SimpleGrid>
    </>
  )
}
