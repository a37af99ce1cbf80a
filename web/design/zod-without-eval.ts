import { z } from 'zod'

/**
 * Our pages allow no code made from text (CSP), so zod must not even try: it would be reported as a violation. A page that uses schemas
 * imports this first, since zod asks when a schema is made.
 */
z.config({ jitless: true })
