import process from 'node:process'
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
