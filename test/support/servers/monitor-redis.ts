import { once } from 'node:events'
import { connect } from 'node:net'

export interface RedisMonitor {
  /** What Redis was asked since, a line each, its words in quotes. */
  lines(): string[]
  close(): void
}

/** Listens to all that a Redis is asked. On a plain socket: the driver trips over lines that come with the first answer. */
export async function monitorRedis(url: string): Promise<RedisMonitor> {
  const { hostname, port, username, password } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setEncoding('utf8')
  let text = ''
  socket.on('data', (part) => {
    text += String(part)
  })
  await once(socket, 'connect')
  const commands = [...(password === '' ? [] : [`AUTH ${username || 'default'} ${password}`]), 'MONITOR']
  for (const command of commands) {
    const before = text.length
    socket.write(`${command}\r\n`)
    while (text.length === before) await once(socket, 'data')
    if (!text.startsWith('+OK', before)) throw new Error(`${command.split(' ')[0]}: ${text.slice(before)}`)
  }
  return { lines: () => text.split('\r\n'), close: () => void socket.destroy() }
}
