import { createServer } from 'node:http'

/**
 * The floor: Node's own server, that reads the body of each request, looks at none of it, and answers with the bytes and the
 * headers that it is given as JSON in BENCH_ANSWER.
 */
const { headers, body } = JSON.parse(process.env['BENCH_ANSWER'] ?? '{"headers":{},"body":"{}"}')

const server = createServer((request, response) => {
  request.on('data', () => undefined)
  request.on('end', () => {
    response.writeHead(200, headers)
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object')
    process.send?.({ type: 'ready', url: `http://127.0.0.1:${address.port}` })
})
process.once('SIGTERM', () => process.exit(0))
