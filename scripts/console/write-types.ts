import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readOpenApi } from './read-openapi.ts'

const consoleFolder = fileURLToPath(new URL('../../apps/console', import.meta.url))

/** Writes the types of the API's requests and answers for the console, so that a changed field breaks its types. */
export async function writeTypes(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'momentry-openapi-'))
  try {
    const document = join(folder, 'openapi.json')
    await writeFile(document, await readOpenApi())
    const program = join(consoleFolder, 'node_modules/.bin/openapi-typescript')
    const child = spawn(program, [document, '--output', join(consoleFolder, 'src/api/schema.d.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`openapi-typescript ended with ${code}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
