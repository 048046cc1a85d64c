import { NumberText } from '../../parts/words/number-text.tsx'
import { useNow } from '../../parts/words/use-now.ts'

interface Props {
  of: { startedAt: string | null; finishedAt: string | null }
}

/** How long it took, or has taken so far. */
export function Duration({ of: { startedAt, finishedAt } }: Props) {
  const now = useNow(startedAt !== null && finishedAt === null)
  if (startedAt === null) return <NumberText value={null} />
  const end = finishedAt === null ? Math.max(now, Date.parse(startedAt)) : Date.parse(finishedAt)
  return <NumberText value={(end - Date.parse(startedAt)) / 1000} as="seconds" />
}
