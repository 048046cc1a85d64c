export type Program = 'api' | 'worker' | 'alerter' | 'cli'

/**
 * Gives the module of a program, from the root of the checkout. It stands in the command line of its process, which is told
 * from others by it.
 * @param bundled as `npm run build` has written it, which starts in a third of the time; else its sources
 */
export function programFile(name: Program, bundled: boolean): string {
  return bundled ? `dist/programs/${name}.js` : `apps/${name}/src/main.ts`
}
