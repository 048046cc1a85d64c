/** How the mail server is reached, in nodemailer's words. */
export interface SmtpOptions {
  host: string
  port?: number
  /** TLS from the first byte on. */
  secure: boolean
  /** Nothing is sent unless the connection turns to TLS. */
  requireTLS: boolean
  auth?: { user: string; pass: string }
}

/**
 * Reads `SMTP_URL`: `smtp://` (STARTTLS, where the server has it) or `smtps://` (TLS from the start). With a password
 * nothing goes over a connection in the clear, unless `?requireTLS=false` allows it, for a server on the same machine.
 */
export function parseSmtpUrl(text: string): SmtpOptions {
  const { protocol, hostname, port, username, password, searchParams } = new URL(text)
  const hasLogin = username !== '' || password !== ''
  const required = searchParams.get('requireTLS')
  return {
    host: decodeURIComponent(hostname).replace(/^\[|\]$/g, ''),
    ...(port !== '' && { port: Number(port) }),
    secure: protocol === 'smtps:',
    requireTLS: protocol === 'smtp:' && (required === null ? hasLogin : required !== 'false'),
    ...(hasLogin && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  }
}
