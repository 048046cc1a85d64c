import type { RemoteReply } from '../remote-server.ts'

const documentation = 'https://gitea.example/api/swagger'

/** An error as the API gives it. */
export function fail(status: number, message: string): RemoteReply {
  return { status, body: { message, url: documentation } }
}

export function notFound(): RemoteReply {
  return { status: 404, body: { message: "The target couldn't be found.", url: documentation, errors: [] } }
}

/** What is no route: the router says so, not the API. */
export function noRoute(): RemoteReply {
  return { status: 404, headers: { 'content-type': 'text/plain' }, text: '404 page not found\n' }
}
