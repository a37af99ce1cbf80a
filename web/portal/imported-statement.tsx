import type { JSX } from 'preact'
import { isCutShort } from '../../storage/model/imported-recording.ts'
import { Strip } from '../design/chip.tsx'
import { clockTime, fileSize, longDate } from '../words/dates.ts'
import { signInWords } from '../words/staff-words.ts'
import { importWords } from '../words/words.ts'
import type { PageContext } from './page-context.ts'
import type { SessionView } from './session-view.ts'

/** Custody statement of an imported recording: what is known of it, and what is not. Nothing for a recording that was made here. */
export function ImportedStatement({ view, visitor }: PageContext & { view: SessionView }): JSX.Element | null {
  const { imported, council, session } = view
  if (imported === undefined) return null
  const { language } = visitor
  const words = importWords[language]
  const { known } = words
  const { roles } = signInWords[language]
  const received = `${longDate(imported.receivedAtMs, language, council.timeZone)}, ${clockTime(imported.receivedAtMs, council.timeZone)}`
  const { container, file } = imported
  return (
    <section class="stack imported" aria-labelledby="imported-heading">
      <Strip tone="warn" icon="alert">
        {words.badge}
      </Strip>
      <details>
        <summary id="imported-heading">{words.statementTitle}</summary>
        <div class="stack">
          <p>{words.statementLead}</p>
          <ul>
            <li>{known.received(received, words.by(imported.receivedBy, roles))}</li>
            <li>{known.held(longDate(session.convenedFor, language, council.timeZone))}</li>
            <li>
              {known.file(file.name, fileSize(file.bytes, language))} <code class="hash">{file.sha256}</code>
            </li>
            <li>{known.container(container.format)}</li>
            {container.ownDates.map(({ name, value }) => (
              <li key={name + value}>{known.ownDate(name, value)}</li>
            ))}
            {container.ownDates.length === 0 ? <li>{known.noOwnDate}</li> : null}
            {view.recording && isCutShort(imported, view.recording.lengthMs) ? <li>{known.short}</li> : null}
            <li>{known.since}</li>
          </ul>
          <p class="deed">{words.notKnownTitle}</p>
          <ul>
            {words.unknown.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      </details>
    </section>
  )
}
