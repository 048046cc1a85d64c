import type { Command } from 'commander'
import type { OpenSession } from '../session.ts'
import { cliSystems } from './integration/systems.ts'

/** Commands about one thing. Until one of them is called, its name and a line about it are all that is loaded of it. */
export interface CommandGroup {
  name: string
  about: string
  /** Gives what adds the commands. */
  load(): Promise<(group: Command, open: OpenSession) => void>
}

/** In the order in which the help shows them. */
export const commandGroups: readonly CommandGroup[] = [
  {
    name: 'api-key',
    about: 'Issue, look at, check, change, rotate and revoke API keys.',
    load: async () => (await import('./api-key/api-key.ts')).addApiKeyCommands,
  },
  {
    name: 'rotation',
    about: 'Look at rotations (begun by api-key rotate, a schedule or a policy), and steer them.',
    load: async () => (await import('./rotation/rotation.ts')).addRotationCommands,
  },
  ...cliSystems.map((system) => ({
    name: system.name,
    about: `Look after ${system.collection} on ${system.title}: make, list, delete, verify, rotate.`,
    load: async () => {
      const { addIntegrationCommands } = await import('./integration/integration.ts')
      return (group: Command, open: OpenSession) => addIntegrationCommands(group, open, system)
    },
  })),
  {
    name: 'anomaly',
    about: 'Look at what detection found, and say that it is taken care of.',
    load: async () => (await import('./anomaly/anomaly.ts')).addAnomalyCommands,
  },
  {
    name: 'alert-silence',
    about: 'Keep alerts from alert sinks for a time. They are logged and reach the channel all the same.',
    load: async () => (await import('./alert-silence/alert-silence.ts')).addAlertSilenceCommands,
  },
  {
    name: 'alert-sink',
    about: 'Look after where alerts are sent: webhooks, Slack, e-mail, PagerDuty.',
    load: async () => (await import('./alert-sink/alert-sink.ts')).addAlertSinkCommands,
  },
  {
    name: 'usage',
    about: 'Report usage.',
    load: async () => (await import('./usage/usage.ts')).addUsageCommands,
  },
  {
    name: 'job',
    about: 'Look at what the job worker does, and let it try again.',
    load: async () => (await import('./job/job.ts')).addJobCommands,
  },
  {
    name: 'lockout',
    about: 'Look at the addresses that are locked out because they guess, and free them.',
    load: async () => (await import('./lockout/lockout.ts')).addLockoutCommands,
  },
  {
    name: 'settings',
    about: 'Look at the thresholds of detection and change them while everything runs.',
    load: async () => (await import('./settings/settings.ts')).addSettingsCommands,
  },
  {
    name: 'leak',
    about: 'Look for secrets where they should not be.',
    load: async () => (await import('./leak/leak.ts')).addLeakCommands,
  },
  {
    name: 'audit',
    about: 'Look at the audit log, and check that nobody changed it.',
    load: async () => (await import('./audit/audit.ts')).addAuditCommands,
  },
  {
    name: 'backup',
    about: 'Make backups, check them and put one back (it talks to the database and the storage by itself).',
    load: async () => (await import('./backup/backup.ts')).addBackupCommands,
  },
  {
    name: 'master-key',
    about: 'Replace the key that seals what must be kept and not read (it talks to the database by itself).',
    load: async () => (await import('./master-key/master-key.ts')).addMasterKeyCommands,
  },
]
