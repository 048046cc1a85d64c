import { severities } from '@momentry/shared/anomalies/finding.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { watchAlerts } from '../../api/alert-stream.ts'
import { wholeNumber } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { alertLine } from './alert-line.ts'

const optionsSchema = z.object({
  severity: z.enum(severities),
  since: z.number().optional(),
  count: z.number().optional(),
})

const maxSeq = Number.MAX_SAFE_INTEGER

/**
 * Adds `anomaly watch`: one line (or one JSON document a line) per alert, each once and in order over reconnections, until
 * Ctrl-C.
 */
export function addWatch(group: Command, open: OpenSession): void {
  group
    .command('watch')
    .description('Print alerts as they come, until Ctrl-C.')
    .addOption(new Option('--severity <severity>', 'from this severity on').choices(severities).default('low'))
    .option(
      '--since <seq>',
      'begin after the alert with this number; 0: the oldest that is kept',
      wholeNumber(0, maxSeq),
    )
    .option('--count <n>', 'end after so many', wholeNumber(1, 1_000_000_000))
    .addHelpText(
      'after',
      examples([
        'momentry anomaly watch --severity high',
        'momentry anomaly watch --since 0 --count 10',
        'momentry anomaly watch --json | jq .data.explanation',
      ]),
    )
    .action(async (options: unknown, command: Command) => {
      const { severity: least, since, count = Number.POSITIVE_INFINITY } = optionsSchema.parse(options)
      const { out, signal, connect } = open(command)
      const connection = await connect()
      const wanted: readonly string[] = severities.slice(severities.indexOf(least))
      let seen = 0
      const done = new AbortController()
      let last = ''
      const onAlert = (alert: Parameters<typeof alertLine>[0], id: string) => {
        if (seen === count) return
        last = id
        if (!wanted.includes(alert.data.severity)) return
        seen += 1
        if (out.json) out.documentLine({ seq: Number(id), ...alert })
        else out.line(alertLine(alert, out.style))
        if (seen === count) done.abort()
      }
      const onState = (text: string) => out.note(text)
      await watchAlerts({ ...connection, since, signal: AbortSignal.any([signal, done.signal]), onAlert, onState })
      if (last !== '') out.note(`to go on from here: --since ${last}`)
    })
}
