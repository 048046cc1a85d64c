import { type Command, InvalidArgumentError } from 'commander'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { isThresholdName, settingsSchema, showSettings, thresholdNames } from './thresholds.ts'

type Setting = [name: string, value: number | null]

export function addSetThreshold(group: Command, open: OpenSession): void {
  group
    .command('set-threshold')
    .description('Set thresholds of detection, in every worker within 5 s. A key’s own, in its policy, go before them.')
    .argument('<name=value...>', `${thresholdNames.join(', ')}; the value default takes one back`, parseSetting)
    .addHelpText(
      'after',
      examples([
        'momentry settings set-threshold requestsPerMinute=2000 errorRate=0.3',
        'momentry settings set-threshold errorRate=default',
      ]),
    )
    .action(async (settings: readonly Setting[], _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const body = { thresholds: Object.fromEntries(settings) }
      showSettings(out, await api.call(settingsSchema, { method: 'PUT', path: '/v1/settings/anomaly', body }))
    })
}

/** Reads `name=value`; bounds are for the server to know. */
function parseSetting(text: string, before: readonly Setting[] = []): Setting[] {
  const [name = '', value = ''] = text.split('=', 2).map((part) => part.trim())
  if (!isThresholdName(name)) throw new InvalidArgumentError(`Thresholds are ${thresholdNames.join(', ')}.`)
  if (value === 'default') return [...before, [name, null]]
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('The value is a number, or default.')
  return [...before, [name, Number(value)]]
}
