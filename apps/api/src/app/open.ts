import type { Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { createFirstApp } from './first.ts'

export interface App {
  fetch: Router['fetch']
  /** Loads the routes that are not there yet; resolves when all of them are. */
  complete(): Promise<unknown>
}

/**
 * Opens the API with the routes that other programs ask all the time. The others, with the schemas of all that they take and
 * answer, are most of what there is to load; they come by `complete`, or with the first request that none of the first routes
 * answers, which waits for them. From then on the whole app answers everything, and the first one is gone.
 */
export function openApp(services: Services): App {
  let app = createFirstApp(services)
  let completing: Promise<Router> | undefined
  let isComplete = false
  const load = async () => {
    const { createApp } = await import('../app.ts')
    app = createApp(services)
    isComplete = true
    return app
  }
  const complete = () => (completing ??= load())
  return {
    complete,
    fetch(request, ...rest) {
      if (isComplete || hasRoute(app, request)) return app.fetch(request, ...rest)
      return complete().then((whole) => whole.fetch(request, ...rest))
    },
  }
}

/** Whether an app has a route for just this method and path, and not only layers, whose paths are patterns. */
function hasRoute(app: Router, request: Request): boolean {
  const [matches] = app.router.match(request.method, app.getPath(request))
  return matches.some(([[, route]]) => !route.path.endsWith('*'))
}
