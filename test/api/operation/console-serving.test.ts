import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBuildReader } from '../../../apps/api/src/console/build.ts'
import { createRouter } from '../../../apps/api/src/http/router.ts'
import { createConsoleRoutes } from '../../../apps/api/src/routes/console.ts'
import { type HttpServer, serveHttp } from '../../../apps/api/src/wiring/serve.ts'

let folder: string
let server: HttpServer

const page = '<!doctype html><title>the console</title>'
const script = `console.log(${JSON.stringify('x'.repeat(2_000))})`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'momentry-console-'))
  const app = createRouter()
  app.onError((error, c) => c.text(error.message, 404))
  app.route('/', createConsoleRoutes(createBuildReader(join(folder, 'dist'))))
  server = await serveHttp(app, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function build(): Promise<void> {
  await mkdir(join(folder, 'dist/assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'a secret')
  await symlink(join(folder, 'secret.txt'), join(folder, 'dist/link.txt'))
  await writeFile(join(folder, 'dist/assets/index-1a2b.js'), script)
  await writeFile(join(folder, 'dist/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(folder, 'dist/index.html'), page)
}

const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, { redirect: 'manual', ...init })

/** Sends a path as it is, which `fetch` would tidy up. */
async function askRaw(path: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  return text(socket)
}

describe('a console that is not built', () => {
  it('says how to build it, and is there once it is', async () => {
    const answer = await ask('/console/keys')
    expect(answer.status).toBe(503)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.text()).toContain('npm run build')
    await build()
    expect(await (await ask('/console/keys')).text()).toBe(page)
  })
})

describe('/console', () => {
  it('is where / leads to', async () => {
    expect((await ask('/')).headers.get('location')).toBe('/console/')
    expect((await ask('/console')).headers.get('location')).toBe('/console/')
  })

  it('is one page, whatever the path, which is asked about each time', async () => {
    for (const path of ['/console/', '/console/keys', '/console/keys/019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b?tab=usage']) {
      const answer = await ask(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      expect(await answer.text()).toBe(page)
    }
  })

  it('lets its pages load nothing but what comes from here, and be framed by nobody', async () => {
    const { headers } = await ask('/console/')
    const policy = headers.get('content-security-policy')
    for (const part of ["default-src 'self'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(part)
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('gives files whose names change with their content for ever, and others anew', async () => {
    const asset = await ask('/console/assets/index-1a2b.js')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await asset.text()).toBe(script)
    const icon = await ask('/console/favicon.svg')
    expect(icon.headers.get('cache-control')).toBe('no-cache')
    expect(icon.headers.get('content-type')).toBe('image/svg+xml')
  })

  it('answers HEAD as GET, without the body', async () => {
    const answer = await ask('/console/assets/index-1a2b.js', {
      method: 'HEAD',
      headers: { 'accept-encoding': 'identity' },
    })
    expect(answer.status).toBe(200)
    expect(Number(answer.headers.get('content-length'))).toBe(script.length)
    expect(await answer.text()).toBe('')
  })

  it('says that a file is as it was', async () => {
    const tag = (await ask('/console/')).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[\w-]+"$/)
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const answer = await ask('/console/', { headers: { 'if-none-match': known } })
      expect(answer.status).toBe(304)
      expect(answer.headers.get('etag')).toBe(tag)
      expect(await answer.text()).toBe('')
    }
    expect((await ask('/console/', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it('compresses for who takes that', async () => {
    const answer = await ask('/console/assets/index-1a2b.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect(answer.headers.get('content-encoding')).toBe('br')
    expect(answer.headers.get('vary')).toContain('accept-encoding')
    expect(answer.headers.get('etag')).toMatch(/-br"$/)
    // `fetch` undoes it.
    expect(await answer.text()).toBe(script)
    const plain = await ask('/console/assets/index-1a2b.js', { headers: { 'accept-encoding': 'br;q=0' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
  })

  it('has no page in place of a file that is not there', async () => {
    for (const path of ['/console/assets/old-9f9f.js', '/console/assets/', '/console/robots.txt'])
      expect((await ask(path)).status, path).toBe(404)
  })

  it('reaches nothing outside of the build, however the path is written, nor through a link', async () => {
    expect((await ask('/console/link.txt')).status).toBe(404)
    for (const path of [
      '/console/../secret.txt',
      '/console/assets/../../secret.txt',
      '/console/%2e%2e/secret.txt',
      '/console/..%2fsecret.txt',
      '/console/..%5csecret.txt',
      '/console/assets/..%2f..%2fsecret.txt',
      '/console/%252e%252e%252fsecret.txt',
      `/console/${folder}/secret.txt`,
      '/console/assets/index-1a2b.js%00.html',
    ])
      expect(await askRaw(path), path).not.toContain('a secret')
  })

  it('takes no other method', async () => {
    expect((await ask('/console/', { method: 'POST' })).status).toBe(404)
  })

  it('is the new build after another one, without a new start', async () => {
    await writeFile(join(folder, 'dist/index.html'), `${page}<p>again`)
    await expect.poll(async () => (await ask('/console/')).text()).toContain('again')
  })
})
