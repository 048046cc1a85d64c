/** What is there, or will be. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Goes on with a value: at once where it is there, since waiting for it would cost more than many a step does. */
export function andThen<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return value instanceof Promise ? value.then(next) : next(value)
}
