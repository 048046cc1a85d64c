import { jobStates } from '@momentry/shared/jobs/states.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { type Job, jobSchema } from '../../api/shapes/job.ts'
import { parseId, wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'

const optionsSchema = z.object({
  queue: z.string().optional(),
  state: z.string().optional(),
  key: z.string().optional(),
  limit: z.number(),
})

const columns: readonly TableColumn<Job>[] = [
  { title: 'id', value: (job) => job.id },
  { title: 'queue', value: (job) => job.queue },
  { title: 'name', value: (job) => job.name, flexible: true },
  { title: 'state', value: (job) => job.state },
  { title: 'attempts', value: (job) => `${job.attempts}/${job.maxAttempts}`, optional: true },
  { title: 'created', value: (job) => job.createdAt.slice(0, 19).replace('T', ' '), optional: true },
  { title: 'error', value: (job) => job.error, flexible: true, optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List jobs, the newest first.')
    .option('--queue <name>', 'of this queue, such as rotations')
    .addOption(new Option('--state <state>', 'in this state').choices(jobStates))
    .option('--key <id>', 'about this key', parseId)
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText(
      'after',
      examples(['momentry job list --queue rotations --state failed', 'momentry job list --limit 20 --json']),
    )
    .action(async (options: unknown, command: Command) => {
      const { queue, state, key, limit } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const query = { queue, state, keyId: key }
      listOutput(out, columns, 'jobs', await firstItems(api, jobSchema, { path: '/v1/jobs', query, limit }))
    })
}
