import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnv } from './env.ts'
import { validationError } from './issues.ts'

export type Router = OpenAPIHono<ApiEnv>

/** Makes a router whose routes turn a request that is not as declared into a problem. */
export function createRouter(): Router {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw validationError(result.target, result.error)
    },
  })
}
