// Loaded before a process (NODE_OPTIONS=--import): its clock goes before or after everybody else's.
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0)
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shift)
    else super(...args)
  }
  static now() {
    return RealDate.now() + shift
  }
}
