import { Alert } from '@mantine/core'
import { toApiError } from '../../api/error.ts'

/** Why a form was not taken: what the fields themselves cannot say. */
export function FormError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null
  const { title, message, issues } = toApiError(error)
  return (
    <Alert color="red" variant="light" role="alert" title={title}>
      {message}
      {issues.length > 0 && (
        <ul style={{ margin: '0.25rem 0 0', paddingLeft: '1.25rem' }}>
          {issues.map(({ pointer, detail }) => (
            <li key={`${pointer} ${detail}`}>
              <span className="mono">{pointer.slice(1)}</span>: {detail}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  )
}
