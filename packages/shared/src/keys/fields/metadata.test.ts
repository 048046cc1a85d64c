import { describe, expect, it } from 'vitest'
import { metadataSchema } from './metadata.ts'

describe('metadataSchema', () => {
  it('gives back what it was given', () => {
    const text = '{"a":[1,-0.5,9007199254740991,null,true,{"proto":"é"}],"constructor":{"b":1e-7}}'
    expect(JSON.stringify(metadataSchema.parse(JSON.parse(text)))).toBe(text)
  })

  it.each([
    ['a number that JavaScript cannot hold', '{"a":{"e":1e400}}', ['a', 'e']],
    ['its negative', '{"e":-1e400}', ['e']],
    ['an integer of 23 digits', '{"a":[0,12345678901234567890123]}', ['a', '1']],
    ['the first integer that is rounded', '{"n":9007199254740993}', ['n']],
    ['__proto__', '{"__proto__":{"a":1}}', ['__proto__']],
    ['__proto__ further in', '{"a":[{"__proto__":1}]}', ['a', '0', '__proto__']],
    ['what is too deep', '{"a":{"b":{"c":{"d":{"e":{}}}}}}', ['a', 'b', 'c', 'd', 'e']],
  ])('refuses %s and points at it', (_, text, path) => {
    const { error } = metadataSchema.safeParse(JSON.parse(text))
    expect(error?.issues.map((issue) => issue.path)).toEqual([path])
  })

  it.each([[null], [1], ['a'], [['a']]])('refuses %j, which is no object', (value) => {
    expect(metadataSchema.safeParse(value).success).toBe(false)
  })
})
