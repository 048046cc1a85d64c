import { expect, it } from 'vitest'
import { answerRequestError, writeClientError } from './client-error.ts'

it.each([
  ['HPE_HEADER_OVERFLOW', 431, 'HEADERS_TOO_LARGE'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'REQUEST_TIMEOUT'],
  ['HPE_INVALID_METHOD', 400, 'MALFORMED_REQUEST'],
])('writes a whole answer to %s', (nodeCode, status, code) => {
  const [head = '', body = ''] = writeClientError(Object.assign(new Error('x'), { code: nodeCode })).split('\r\n\r\n')
  expect(head).toContain(`HTTP/1.1 ${status} `)
  expect(head).toContain(`\r\ncontent-length: ${Buffer.byteLength(body)}`)
  expect(JSON.parse(body)).toMatchObject({ status, code })
})

it('tells nothing of a failure that nobody foresaw', async () => {
  const answer = answerRequestError(new Error('the password is x'))
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('password')
})
