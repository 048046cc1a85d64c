import { MomentryError } from '@momentry/shared/errors.ts'
import type { Context } from 'hono'
import type { ReadBuild } from '../console/build.ts'
import { pagePolicy } from '../console/page-policy.ts'
import { sendFile } from '../console/send-file.ts'
import type { ApiEnv } from '../http/env.ts'
import { createRouter, type Router } from '../http/router.ts'
import { missingBuildPage } from './console/missing-build.ts'

const base = '/console/'
/** The names of these files change with their content. */
const forEver = 'public, max-age=31536000, immutable'
/** Kept, and asked about each time. */
const askAgain = 'no-cache'

/**
 * The console's pages. They hold no data and are open to anyone: what they show comes by the API, which asks who it is. The
 * pages find their way by the path, so each path that is no file is the one page.
 */
export function createConsoleRoutes(readBuild: ReadBuild): Router {
  const router = createRouter()
  const send = async (c: Context<ApiEnv>) => {
    const files = await readBuild()
    const page = files?.get('index.html')
    if (!files || !page) return c.html(missingBuildPage, 503, { 'cache-control': 'no-store' })
    const name = c.req.path.slice(base.length)
    const file = files.get(name)
    if (file && name !== 'index.html') return sendFile(c, file, name.startsWith('assets/') ? forEver : askAgain)
    if (isFileName(name)) throw new MomentryError('NOT_FOUND', 'the console has no such file')
    return sendFile(c, page, askAgain)
  }
  router.get('/', (c) => c.redirect(base))
  router.get('/console', (c) => c.redirect(base, 301))
  router.use('/console/*', pagePolicy({ formAction: "'self'" }))
  router.get('/console/*', send)
  return router
}

/** Ids and names of pages have no ending. */
function isFileName(name: string): boolean {
  return name !== 'index.html' && (name.startsWith('assets/') || /\.[a-z0-9]{1,11}$/i.test(name))
}
