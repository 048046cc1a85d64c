/** Every setting, by its name in the table. */
export const settingNames = {
  /** Thresholds of detection that are set over the environment. */
  anomalyThresholds: 'anomaly-thresholds',
} as const
