import { fileURLToPath } from 'node:url'
import { bundle } from './build/bundle.ts'

await bundle(fileURLToPath(new URL('../dist', import.meta.url)))
