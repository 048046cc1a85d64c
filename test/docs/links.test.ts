import { existsSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = await Array.fromAsync(glob('{*.md,docs/**/*.md}', { cwd: root }))

/** The anchors of a page's headings, as code hosts make them. */
function anchors(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text)
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

it.each(pages.sort())('%s links to nothing that is not there', (page) => {
  const markdown = readFileSync(join(root, page), 'utf8')
  const links = [...markdown.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
  const broken = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? join(root, page) : join(root, dirname(page), path)
    // What lies outside of the checkout is not there for its readers.
    if (relative(root, target).startsWith('..') || !existsSync(target)) return true
    return anchor !== undefined && !anchors(readFileSync(target, 'utf8')).has(anchor)
  })
  expect(broken.map(([link]) => link)).toEqual([])
})
