import { secureHeaders } from 'hono/secure-headers'

/**
 * What pages may load: only what comes from here, scripts in files of their own. Mantine and bull-board set styles on
 * elements.
 * @param differs what the pages need beside that: a `base` of their own, or forms
 */
export function pagePolicy(differs: { baseUri?: string; formAction?: string } = {}) {
  const { baseUri = "'none'", formAction = "'none'" } = differs
  return secureHeaders({
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: [baseUri],
      formAction: [formAction],
      frameAncestors: ["'none'"],
    },
  })
}
