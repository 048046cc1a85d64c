import { notifications } from '@mantine/notifications'
import { toApiError } from '../../api/error.ts'

/** Tells that something was done. Screen readers say it too. */
export function toastDone(title: string, text?: string): void {
  notifications.show({ title, message: text, color: 'teal', autoClose: 5_000, withBorder: true })
}

/** Tells what failed, in the API's own words, with the request's id for the log. */
export function toastFailed(title: string, error: unknown): void {
  const { message, requestId } = toApiError(error)
  const text = requestId ? `${message} (request ${requestId})` : message
  notifications.show({ title, message: text, color: 'red', autoClose: 12_000, withBorder: true, role: 'alert' })
}
