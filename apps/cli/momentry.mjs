#!/usr/bin/env node
// Runs the command line from its bundle, where that is of the sources that are there, else from the sources. Plain JavaScript:
// for TypeScript Node would first load what takes the types out, which takes it longer than this and the bundle's start.
import { fileURLToPath } from 'node:url'
import { programsAreBuilt } from '../../scripts/setup/programs.mjs'

const root = new URL('../../', import.meta.url)
const isBundled = programsAreBuilt(fileURLToPath(root))
await import(new URL(isBundled ? 'dist/programs/cli.js' : 'apps/cli/src/main.ts', root).href)
