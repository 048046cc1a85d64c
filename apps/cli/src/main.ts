#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Half of a short command's time went into compiling its libraries, each time anew.
enableCompileCache()
const { run } = await import('./run.ts')
process.exitCode = await run(process.argv.slice(2), process)
