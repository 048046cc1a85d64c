import { hash } from 'node:crypto'

/**
 * Names a successor there: names are unique, so it cannot have its predecessor's. The end is made from the rotation's
 * random id, so that nobody else has it by chance, and what bears it is this rotation's.
 * @param maxLength UTF-16 units that the system takes
 */
export function successorName(name: string, rotationId: string, maxLength: number): string {
  const end = `-${hash('sha256', rotationId).slice(0, 10)}`
  return `${name.slice(0, maxLength - end.length).toWellFormed()}${end}`
}
