import { type ApiClient, path } from '../../../api/client.ts'
import { type CredentialRotation, credentialRotationSchema } from '../../../api/shapes/integration.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { CliFailure } from '../../../failure.ts'
import type { CliSystem } from '../systems.ts'

export function rotationPath(id: string): string {
  return path`/v1/integrations/rotations/${id}`
}

/** Reads a rotation of a system's credential. @throws CliFailure, also where it is one of another system */
export async function findRotation(
  api: ApiClient,
  { name, title }: CliSystem,
  id: string,
): Promise<CredentialRotation> {
  const rotation = await api.call(credentialRotationSchema, { method: 'GET', path: rotationPath(id) })
  if (rotation.system === name) return rotation
  throw new CliFailure(exitCodes.notFound, `there is no rotation on ${title} with this id`)
}
