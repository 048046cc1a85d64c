import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { shortId } from './short-id.ts'

/** The way to a job's page, for those who may see it. */
export function JobLink({ id }: { id: string }) {
  const may = useMay('jobs:read')
  if (!may) return <span className="mono">{shortId(id)}</span>
  return (
    <Anchor component={Link} href={`/jobs/${id}`} className="mono" inherit>
      {shortId(id)}
    </Anchor>
  )
}
