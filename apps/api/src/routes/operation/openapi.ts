import packageJson from '../../../package.json' with { type: 'json' }
import type { Router } from '../../http/router.ts'

type Document = ReturnType<Router['getOpenAPI31Document']>

/** Gives the OpenAPI 3.1 document of an app, made at the first call, when all of its routes are there. */
export function describeApi(app: Router): () => Document {
  let document: Document | undefined
  return () => {
    document ??= makeDocument(app)
    return document
  }
}

function makeDocument(app: Router): Document {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The secret of a key',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'momentry_session',
    description:
      'The console. What changes something needs the header `x-momentry-console: 1` as well, and must come from a page of ' +
      'the same origin. Over TLS the cookie is `__Host-momentry_session`.',
  })
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Momentry',
      version: packageJson.version,
      description: 'Issues, checks and watches API keys.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'keys', description: 'Issue, read, change, revoke and check keys' },
      { name: 'rotations', description: 'Replace secrets without downtime, and see who still uses the old ones' },
      { name: 'usage', description: 'Report what was done with keys, and sum it up' },
      { name: 'anomalies', description: 'What was found about keys, and alerts as they come' },
      { name: 'audit', description: 'What was done, by whom and why' },
      { name: 'jobs', description: 'What the job worker does, step by step' },
      { name: 'sessions', description: 'Sign in to the console, and out of it' },
      { name: 'settings', description: 'What is set while everything runs' },
      { name: 'operation', description: 'For those who run it' },
    ],
  })
}
