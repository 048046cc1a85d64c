// Loaded before a process's own modules: says on standard output which of the modules it loads are OpenTelemetry's.
// Its `api`, types and what does nothing, is a dependency of prom-client's own.
import { registerHooks } from 'node:module'

registerHooks({
  load(url, context, next) {
    if (/@opentelemetry\/(?!api\/)|platform\/tracing\/open-telemetry/.test(url)) process.stdout.write(`loaded ${url}\n`)
    return next(url, context)
  },
})
process.stdout.write('modules are watched\n')
