import { Table } from '@mantine/core'
import type { BackTestResult } from '../../api/alerts/back-test.ts'
import { NumberText } from '../../parts/words/number-text.tsx'
import { ruleName } from '../../parts/words/rule-name.ts'
import { testedRules } from './rules.ts'
import './outcome.css'

/** Each rule's counts as bars on one scale: would fire, did fire, and what the run would miss. */
export function PerRule({ result }: { result: BackTestResult }) {
  const { perRule, actual } = result
  const most = Math.max(1, ...testedRules.flatMap((rule) => [perRule[rule], actual.perRule[rule]]))
  return (
    <Table.ScrollContainer minWidth={420} type="native">
      <Table className="per-rule" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Rule</Table.Th>
            <Table.Th>Would have fired</Table.Th>
            <Table.Th>Did fire</Table.Th>
            <Table.Th ta="end">Only found live</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {testedRules.map((rule) => (
            <Table.Tr key={rule}>
              <Table.Td>{ruleName(rule)}</Table.Td>
              <Table.Td>
                <Count value={perRule[rule]} most={most} color="--tone-accent" />
              </Table.Td>
              <Table.Td>
                <Count value={actual.perRule[rule]} most={most} color="--mark-neutral" />
              </Table.Td>
              <Table.Td ta="end">
                <NumberText value={actual.missed[rule]} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Count({ value, most, color }: { value: number; most: number; color: string }) {
  return (
    <span className="per-rule-count">
      <NumberText value={value} />
      <span className="per-rule-bar" style={{ width: `${(value / most) * 100}%`, background: `var(${color})` }} />
    </span>
  )
}
