/**
 * What one line of text must not hold: control characters, since terminals obey them and PostgreSQL refuses NUL, and the
 * characters that turn the direction of text, since a name would show other than it is (Unicode UAX #9, section 2).
 */
export const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u
