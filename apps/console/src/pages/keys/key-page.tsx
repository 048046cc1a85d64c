import { PageHeader } from '../../parts/page-header.tsx'

export function KeyPage() {
  return <PageHeader title="Key" />
}
