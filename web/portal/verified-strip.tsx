import type { JSX } from 'preact'
import { Strip } from '../design/chip.tsx'
import { longDate } from '../words/dates.ts'
import type { PageContext } from './page-context.ts'
import type { SessionView } from './session-view.ts'

/** What the last check found good. A recording that was brought as a file has no proof of before it came: nothing calls it an original. */
export function VerifiedStrip({ view, words, visitor, link }: PageContext & { view: SessionView; link?: JSX.Element }): JSX.Element {
  const { imported, council } = view
  return imported ? (
    <Strip tone="plain" icon="check" link={link}>
      {words.verifiedImported(longDate(imported.receivedAtMs, visitor.language, council.timeZone))}
    </Strip>
  ) : (
    <Strip tone="good" icon="check" link={link}>
      {words.verifiedStrip}
    </Strip>
  )
}
