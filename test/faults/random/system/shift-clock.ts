import { readFileSync } from 'node:fs'

/*
 * Loaded into a process before its own code (`node --import`): on SIGUSR2 it shifts the process's clock by the
 * milliseconds that a file holds. Timers go on as they are, as they do when somebody sets a machine's clock.
 */
const RealDate = Date
const realNow = Date.now
let shiftMs = 0
const shiftedNow = () => realNow() + shiftMs

process.on('SIGUSR2', () => {
  shiftMs = Number(readFileSync(process.env['FAULTS_CLOCK_FILE'] ?? '', 'utf8'))
})

globalThis.Date = new Proxy(RealDate, {
  get: (target, name, receiver) => (name === 'now' ? shiftedNow : Reflect.get(target, name, receiver)),
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [shiftedNow()] : given, made),
  apply: () => new RealDate(shiftedNow()).toString(),
})
