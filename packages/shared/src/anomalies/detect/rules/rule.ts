import type { AnomalyThresholds } from '../../../config.ts'
import type { Window } from '../../../usage/window/window.ts'
import type { Reading } from '../../finding.ts'

/** The seconds in which the windows end that are to be judged, both included. */
export interface Ends {
  from: number
  to: number
}

/** A rule of detection: pure, without a clock of its own. A new one is a file beside this and a line in `rules.ts`. */
export interface Rule {
  name: string
  /** An episode ends once the key was calm for this long, in seconds of event time. */
  quietSeconds: number
  /**
   * `at-once`: more events can only make it fire, so each event is judged as it comes.
   * `settled`: late events can also calm it, so a window is judged once its newest second is complete.
   */
  judged: 'at-once' | 'settled'
  /** Reads the hottest of the windows that end within `ends`; undefined where it is calm, as those of most keys are. */
  read(window: Window, ends: Ends, thresholds: AnomalyThresholds): Reading | undefined
}

/** An open episode stays open above this share of its threshold, so that one that hovers about it is one anomaly. */
export const hysteresis = 0.8
