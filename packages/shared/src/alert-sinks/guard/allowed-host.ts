/** What a connection is made to. */
export interface Place {
  protocol: string
  /** Without brackets, also where it is an IPv6 address. */
  hostname: string
  /** Empty: the protocol's own. */
  port: string
}

/**
 * Gives what tells whether a place is one of those that an operator trusts (`ALERT_SINK_HOSTS`): an entry without a
 * port means the protocol's own.
 * @param hosts `hooks.example.com`, `10.0.0.7:8443`, `[fd00::7]:8443`; in small letters
 */
export function createAllowedHosts(hosts: readonly string[]): (place: Place) => boolean {
  const allowed = new Set(hosts)
  return (place) => {
    const port = place.port === '' ? ownPort(place.protocol) : place.port
    const name = nameOf(place.hostname)
    return allowed.has(`${name}:${port}`) || (port === ownPort(place.protocol) && allowed.has(name))
  }
}

/** A place as an entry of the list names it, for people. */
export function hostOf({ protocol, hostname, port }: Place): string {
  const name = nameOf(hostname)
  return port === '' || port === ownPort(protocol) ? name : `${name}:${port}`
}

/** A dot at the end says that a name is whole, and changes nothing about where it leads. */
function nameOf(hostname: string): string {
  const bare = hostname.toLowerCase().replace(/\.$/, '')
  return bare.includes(':') && !bare.startsWith('[') ? `[${bare}]` : bare
}

function ownPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}
