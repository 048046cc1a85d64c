/** What a hook or a webhook is told. `key` is the new credential's value; the same `rotationId` may come twice. */
export interface HandOverNote {
  system: string
  server: string
  credentialId: string
  name: string
  owner: string
  version: number
  rotationId: string
  key: string
}
