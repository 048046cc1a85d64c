import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseJson } from './parse-json.ts'

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')

/** The version of this command. */
export const version = z.object({ version: z.string() }).parse(parseJson(manifest)).version
