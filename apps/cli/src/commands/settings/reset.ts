import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { settingsSchema, showSettings } from './thresholds.ts'

export function addReset(group: Command, open: OpenSession): void {
  group
    .command('reset')
    .description('Take all thresholds back to the environment.')
    .addHelpText('after', examples(['momentry settings reset']))
    .action(async (_options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      showSettings(out, await api.call(settingsSchema, { method: 'DELETE', path: '/v1/settings/anomaly' }))
    })
}
