import { Button, Table, Text } from '@mantine/core'
import { type Settings, useSetThresholds } from '../../api/operation/settings.ts'
import { thresholdFields, toShown } from '../../parts/pickers/thresholds.ts'
import { formatNumber } from '../../parts/words/format.ts'
import { ruleName } from '../../parts/words/rule-name.ts'
import { toastDone, toastFailed } from '../../shell/alerts/toast.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'

/** Thresholds that were set over the environment, beside what that says. */
export function Overrides({ anomaly }: { anomaly: Settings['anomaly'] }) {
  const writes = useMay('settings:write')
  const set = useSetThresholds()
  const rows = thresholdFields.filter(({ name }) => anomaly.overridden.includes(name))
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed" mt="md">
        All of them are as the environment says; none is set here.
      </Text>
    )
  return (
    <Table.ScrollContainer minWidth={420} type="native" mt="md">
      <Table verticalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Set over the environment</Table.Th>
            <Table.Th ta="end">In force</Table.Th>
            <Table.Th ta="end">Environment</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((field) => {
            const { name, rule, label, unit } = field
            const say = (stored: number) => `${formatNumber(toShown(field, stored))} ${unit}`
            return (
              <Table.Tr key={name}>
                <Table.Td>
                  {ruleName(rule)}: {label.toLowerCase()}
                </Table.Td>
                <Table.Td ta="end">{say(anomaly.thresholds[name])}</Table.Td>
                <Table.Td ta="end">{say(anomaly.defaults[name])}</Table.Td>
                <Table.Td ta="end">
                  {writes && (
                    <Button
                      variant="default"
                      size="compact-xs"
                      aria-label={`Take back: ${label}`}
                      onClick={() =>
                        set.mutate(
                          { [name]: null },
                          {
                            onSuccess: () =>
                              toastDone('Taken back', `${ruleName(rule)}: ${say(anomaly.defaults[name])}`),
                            onError: (error) => toastFailed('It is not taken back', error),
                          },
                        )
                      }
                    >
                      Take back
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
