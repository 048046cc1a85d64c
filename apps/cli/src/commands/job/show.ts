import type { Command } from 'commander'
import { path } from '../../api/client.ts'
import { type Job, type JobResult, jobResultSchema, jobSchema } from '../../api/shapes/job.ts'
import { pageOf } from '../../api/shapes.ts'
import { parseId } from '../../input/arguments.ts'
import { tellWork } from '../../output/duration.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showFields } from '../show-fields.ts'

const columns: readonly TableColumn<JobResult>[] = [
  { title: 'attempt', value: (result) => result.attempt, align: 'right' },
  { title: 'step', value: (result) => result.processor },
  { title: 'status', value: (result) => result.status },
  { title: 'took', value: tookOf, align: 'right' },
  {
    title: 'output',
    value: ({ output }) => (output ? JSON.stringify(output) : undefined),
    flexible: true,
    optional: true,
  },
  { title: 'error', value: (result) => result.error, flexible: true, optional: true },
]

export function addShow(group: Command, open: OpenSession): void {
  group
    .command('show')
    .description('Show a job, and what became of each of its steps at each attempt.')
    .argument('<id>', "the job's id", parseId)
    .addHelpText('after', examples(['momentry job show 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const job = await api.call(jobSchema, { method: 'GET', path: path`/v1/jobs/${id}` })
      const results = { method: 'GET', path: path`/v1/jobs/${id}/results` } as const
      const { data, pagination } = await api.call(pageOf(jobResultSchema), results)
      if (out.json) return out.document({ ...job, results: data })
      showFields(out, fieldsOf(job))
      out.line('')
      if (data.length === 0) out.note('no step has begun')
      else out.table(columns, data)
      if (pagination.hasMore) out.note(`only the first ${data.length} steps are shown`)
    })
}

function fieldsOf({ attempts, maxAttempts, ...job }: Job) {
  return { ...job, attempts: `${attempts} of ${maxAttempts}` }
}

function tookOf({ startedAt, finishedAt }: JobResult): string | undefined {
  return finishedAt ? tellWork(Date.parse(finishedAt) - Date.parse(startedAt)) : undefined
}
