import process from 'node:process'
import { describeLife } from '../life/suite.ts'
import { giteaTarget } from '../life/targets.ts'
import { describeGitea } from './suite.ts'

/** Set by scripts/test-gitea.ts, which has checked it. */
function read(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run "npm run test:gitea -- URL"`)
  return value
}

describeGitea('the Gitea that was named', () => ({
  url: read('GITEA_TEST_URL'),
  username: read('GITEA_TEST_USER'),
  password: read('GITEA_TEST_PASSWORD'),
  otp: process.env['GITEA_TEST_OTP'],
}))

describeLife('a token on it, by the API and a worker', () => {
  const otp = process.env['GITEA_TEST_OTP']
  const user = { username: read('GITEA_TEST_USER'), password: read('GITEA_TEST_PASSWORD') }
  return giteaTarget(read('GITEA_TEST_URL'), { ...user, ...(otp && { otp }) })
})
