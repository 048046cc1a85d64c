import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addSettingOptions, mergeRouting, quietHoursOf, settingOptionsSchema } from './settings.ts'

const parse = (...args: string[]) => {
  const command = addSettingOptions(new Command().exitOverride().configureOutput({ writeErr: () => undefined }))
  return settingOptionsSchema.parse(command.parse(args, { from: 'user' }).opts())
}
const berlin = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }

describe('routing', () => {
  it('keeps what is not named, and lets a list begin anew', () => {
    const before = { minSeverity: 'high', types: ['key.leaked'], rules: ['a'], owners: ['ada'] }
    expect(mergeRouting(before, parse('--rule', 'b,c', '--rule', 'd', '--owner', 'any'))).toEqual({
      minSeverity: 'high',
      types: ['key.leaked'],
      rules: ['b', 'c', 'd'],
      owners: [],
    })
    expect(mergeRouting({}, parse())).toEqual({})
  })
})

describe('quiet hours', () => {
  it('are in the zone that is named, that they had, or that of the machine', () => {
    expect(quietHoursOf(parse('--quiet', '22:00-07:00', '--time-zone', 'Europe/Berlin'))).toEqual(berlin)
    expect(quietHoursOf(parse('--quiet', '20:00-06:30'), berlin)).toMatchObject({
      from: '20:00',
      timeZone: 'Europe/Berlin',
    })
    expect(quietHoursOf(parse('--time-zone', 'Asia/Tokyo'), berlin)).toEqual({ ...berlin, timeZone: 'Asia/Tokyo' })
    expect(quietHoursOf(parse('--quiet', '20:00-06:30'))?.timeZone).toBe(
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    )
  })

  it('end by none, and stay where nothing is said', () => {
    expect(quietHoursOf(parse('--quiet', 'none'), berlin)).toBeNull()
    expect(quietHoursOf(parse(), berlin)).toBeUndefined()
  })

  it.each(['22-7', '22:00', '24:00-07:00', '22:00-22:00', '22:00-7:00'])('are not %s', (text) => {
    expect(() => parse('--quiet', text)).toThrow(/Try 22:00-07:00/)
  })

  it('need hours for a zone', () => {
    expect(() => quietHoursOf(parse('--time-zone', 'Asia/Tokyo'))).toThrow(/goes with --quiet/)
  })
})
