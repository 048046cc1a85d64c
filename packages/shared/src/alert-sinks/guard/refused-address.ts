/** What a connection that the guard does not allow ends with. */
export const refusedCode = 'SINK_ADDRESS_REFUSED'

/**
 * Makes the error of a connection that the guard does not allow. It names the host alone: whoever may make sinks need not
 * learn what addresses names within have.
 */
export function refusedAddress(host: string): Error {
  const message = `${host} is not on the open Internet, and ALERT_SINK_HOSTS does not hold it`
  return Object.assign(new Error(message), { code: refusedCode })
}
