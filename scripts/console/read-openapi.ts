import { readConfig } from '@momentry/shared/config.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { createApp } from '../../apps/api/src/app.ts'
import { createServices } from '../../apps/api/src/wiring/services.ts'

/** Nobody listens there: the document needs no store, and the api starts while they are away. */
const nowhere = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
  REDIS_URL: 'redis://127.0.0.1:1',
  MOMENTRY_MASTER_KEY: Buffer.alloc(32).toString('base64'),
}

/** Gives the API's description as `GET /openapi.json` answers it, from the routes themselves. */
export async function readOpenApi(): Promise<string> {
  const services = await createServices(readConfig(nowhere), createLogger({ name: 'openapi', level: 'silent' }))
  try {
    const answer = await createApp(services).request('/openapi.json')
    if (!answer.ok) throw new Error(`/openapi.json answered ${answer.status}`)
    return await answer.text()
  } finally {
    await services.close()
  }
}
