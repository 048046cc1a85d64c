import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api, take } from '../../api/client.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { shortId } from './short-id.ts'

interface Props {
  /** null: none, as where Momentry acts by itself. */
  id: string | null
  /** Where it is known; it is looked up else. */
  name?: string | undefined
  none?: string
}

/** A key by its name, and the way to its page for those who may see that. */
export function KeyLink({ id, name, none = '–' }: Props) {
  const may = useMay('keys:read')
  const found = useKeyName(id, may && name === undefined)
  if (id === null) return <span>{none}</span>
  const shown = name ?? found
  const look = shown === undefined ? 'mono' : undefined
  const text = shown ?? shortId(id)
  if (!may)
    return (
      <span className={look} title={shown ?? id}>
        {text}
      </span>
    )
  return (
    <Anchor component={Link} href={`/keys/${id}`} className={look} title={shown ?? id} inherit>
      {text}
    </Anchor>
  )
}

/** Lists name keys by their ids: each is asked for once, and names seldom change. */
function useKeyName(id: string | null, enabled: boolean): string | undefined {
  const { data } = useQuery({
    queryKey: ['key-names', id],
    queryFn: () => take(api.GET('/v1/keys/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: enabled && id !== null,
    staleTime: 300_000,
    retry: false,
  })
  return data?.name
}
