import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { settingsSchema, showSettings } from './thresholds.ts'

export function addShow(group: Command, open: OpenSession): void {
  group
    .command('show')
    .description('Show the thresholds in force, what the environment says, and which are set over it.')
    .addHelpText('after', examples(['momentry settings show', 'momentry settings show --json']))
    .action(async (_options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      showSettings(out, await api.call(settingsSchema, { method: 'GET', path: '/v1/settings' }))
    })
}
