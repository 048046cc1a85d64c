import { createServer } from 'node:net'
import { freePort } from '@momentry/embedded/host/free-port.ts'
import { expect, test } from 'vitest'
import { choosePort, localUrl } from './ports.ts'

test('a port that is taken is named, with another that is free', async () => {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  try {
    await expect(choosePort({ host: '127.0.0.1', port })).rejects.toThrow(
      new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken: set PORT to another, for example: PORT=\\d+ npm start$`),
    )
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
  expect(await choosePort({ host: '127.0.0.1', port })).toBe(port)
})

test.each(['999.1.1.1', 'nosuch.invalid', '192.0.2.1'])(
  '%s, which nobody can listen on, is not a port that is taken',
  async (host) => {
    for (const port of [0, await freePort()])
      await expect(choosePort({ host, port })).rejects.toThrow(
        /^HOST: .+ is no address that this machine can listen on/,
      )
  },
)

test('an address that stands for all is reached by the loopback', () => {
  expect(localUrl('0.0.0.0', 80)).toBe('http://127.0.0.1:80')
  expect(localUrl('::', 80)).toBe('http://[::1]:80')
  expect(localUrl('fd00::1', 80)).toBe('http://[fd00::1]:80')
  expect(localUrl('localhost', 80)).toBe('http://localhost:80')
})
