import { Alert, Button, Group, Progress, Text, TextInput } from '@mantine/core'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { toApiError } from '../../api/error.ts'
import { Card } from '../../parts/page/card.tsx'
import { formatNumber, formatSpan } from '../../parts/words/format.ts'
import { useVerifyAudit } from './use-verify-audit.ts'

/** Checks that nobody changed the log. */
export function VerifyCard() {
  const [from, setFrom] = useState('')
  const { start, stop, running, seconds, result, error } = useVerifyAudit()
  return (
    <Card
      title="Is it whole?"
      description="Reads the log against its chain of hashes and its signed heads, and finds the first row that is not as it was."
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          type="date"
          label="From"
          description="Empty: from the beginning"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          disabled={running}
        />
        {running ? (
          <Button variant="default" onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button variant="default" leftSection={<ShieldCheck size={15} />} onClick={() => start(from)}>
            Verify
          </Button>
        )}
      </Group>
      <div aria-live="polite">
        {running && (
          <>
            <Progress value={100} animated striped mt="md" size="sm" aria-label="Verifying" />
            <Text size="sm" c="dimmed" mt={6}>
              Reading every row, for {formatSpan(seconds)} so far. It takes as long as the log is.
            </Text>
          </>
        )}
        {error !== undefined && (
          <Alert color="red" variant="light" mt="md" title={toApiError(error).title}>
            {toApiError(error).message}
          </Alert>
        )}
        {result?.valid && (
          <Alert color="teal" variant="light" mt="md" title="Whole">
            {formatNumber(result.rows)} {result.rows === 1 ? 'row' : 'rows'} checked in {formatSpan(seconds)}
            {result.head && `, to row ${formatNumber(result.head.seq)} of ${result.head.day}, signed`}.
            {result.adopted &&
              ` Rows up to ${formatNumber(result.adopted.lastSeq)} came from before heads were signed.`}
          </Alert>
        )}
        {result && !result.valid && (
          <Alert color="red" variant="light" mt="md" title="It was changed" role="alert">
            {result.firstBroken !== undefined &&
              `Row ${formatNumber(result.firstBroken)} is the first that is not as it was. `}
            {result.reason}
          </Alert>
        )}
      </div>
    </Card>
  )
}
