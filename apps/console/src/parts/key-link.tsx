import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { useMay } from '../shell/session-context.ts'
import { shortId } from './short-id.ts'

interface Props {
  /** null: none, as where Momentry acts by itself. */
  id: string | null
  /** Where it is known; its id else. */
  name?: string | undefined
  none?: string
}

/** A key by its name, and the way to its page for those who may see that. */
export function KeyLink({ id, name, none = '–' }: Props) {
  const may = useMay('keys:read')
  if (id === null) return <span>{none}</span>
  const text = name ?? shortId(id)
  const look = name === undefined ? 'mono' : undefined
  if (!may)
    return (
      <span className={look} title={name ?? id}>
        {text}
      </span>
    )
  return (
    <Anchor component={Link} href={`/keys/${id}`} className={look} title={name ?? id} inherit>
      {text}
    </Anchor>
  )
}
