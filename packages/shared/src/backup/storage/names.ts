/** Numbers are padded, so that names sort as they do. */
export function folderOf(number: number): string {
  return String(number).padStart(6, '0')
}

/** The number of a path's folder, or of a document of format 1 (`000003.json`); undefined where it is neither. */
export function numberOf(path: string): number | undefined {
  const digits = /^(\d{6,9})(?:\/|\.json$)/.exec(path)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** This empty file takes a number: in a bucket, which has no folders, and in a directory, where it shows that one is begun. */
export const claimName = '.claim'
