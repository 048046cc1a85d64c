import { expect, it } from 'vitest'
import { certificate } from '../../support/remote/certificate.ts'
import { post, useRemote } from './context.ts'

const { start, connect, proxy } = useRemote()
const secure = () => start(undefined, { tls: certificate })
const unreachable = (reason: RegExp) => ({ code: 'REMOTE_UNREACHABLE', message: expect.stringMatching(reason) })

it('trusts our own certificate authority', async () => {
  const server = await secure()
  expect(await connect(server.url, { ca: certificate.cert }).send(post)).toMatchObject({ status: 200 })
})

it('trusts no other, nor a certificate of another name, and sends nothing then', async () => {
  const server = await secure()
  await expect(connect(server.url).send(post)).rejects.toMatchObject(unreachable(/its certificate is not trusted/))
  const named = server.url.replace('127.0.0.1', 'localhost')
  const wrongName = connect(named, { ca: certificate.cert }).send(post)
  await expect(wrongName).rejects.toMatchObject(unreachable(/not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/))
  expect(server.requests).toEqual([])
})

it.each(['', 'none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
  'takes no text without a certificate for authorities (%j)',
  (ca) => {
    expect(() => connect('https://127.0.0.1', { ca })).toThrow('INTEGRATION_CA_FILE: holds no certificate')
  },
)

it('tells of a server that does not speak TLS', async () => {
  const server = await start()
  const sent = connect(server.url.replace('http:', 'https:')).send(post)
  await expect(sent).rejects.toMatchObject(unreachable(/it does not speak TLS/))
})

it('goes through a tunnel of the proxy, and checks the certificate at its end', async () => {
  const [server, { url, seen }] = [await secure(), await proxy()]
  const settings = { proxy: { https: url } }
  expect(await connect(server.url, { ...settings, ca: certificate.cert }).send(post)).toMatchObject({ status: 200 })
  expect(seen).toEqual([`CONNECT ${new URL(server.url).host}`])
  await expect(connect(server.url, settings).send(post)).rejects.toMatchObject(unreachable(/not trusted/))
  expect(server.requests).toHaveLength(1)
})

it.each([
  [502, 3],
  [407, 1],
])('tells that the proxy answered %i, which it asks %i times since nothing was sent', async (status, times) => {
  const [server, { url, seen }] = [await secure(), await proxy(status)]
  const sent = connect(server.url, { proxy: { https: url }, ca: certificate.cert }).send(post)
  await expect(sent).rejects.toMatchObject(unreachable(new RegExp(`the proxy answered ${status}`)))
  expect(seen).toHaveLength(times)
})
