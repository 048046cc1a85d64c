/** The rules that look at windows, which can be run over what is stored. */
export const testedRules = ['high_request_rate', 'high_error_rate', 'multiple_ips', 'unusual_time'] as const
export type TestedRule = (typeof testedRules)[number]
