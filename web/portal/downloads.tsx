import type { JSX } from 'preact'
import { Icon } from '../design/icon.tsx'
import { fileSize } from '../words/dates.ts'
import type { PageContext } from './page-context.ts'
import { masterAddress } from './player-panel.tsx'
import { type SessionView, sessionPath } from './session-view.ts'
import { VerifiedStrip } from './verified-strip.tsx'

/** What was verified, and every public file of the session. */
export function Downloads({ view, ...context }: PageContext & { view: SessionView }): JSX.Element {
  const { words, visitor } = context
  const master = masterAddress(view)
  const size = (bytes: number) => fileSize(bytes, visitor.language)
  const links = [
    ...(view.acta ? [{ href: sessionPath(view, '/acta.pdf'), text: words.dataActa, more: size(view.acta.sizeBytes) }] : []),
    ...(master && view.master ? [{ href: master, text: words.dataVideo, more: size(view.master.sizeBytes) }] : []),
    ...(view.transcript ? [{ href: sessionPath(view, '/transcript.json'), text: words.dataTranscript, more: '' }] : []),
    { href: sessionPath(view, '/events.jsonl'), text: words.dataEvents, more: '' },
    ...(view.recording ? [{ href: sessionPath(view, '/journal.jsonl'), text: words.dataJournal, more: '' }] : []),
  ]
  return (
    <section class="downloads stack" aria-labelledby="downloads-heading">
      {view.verification?.authentic ? (
        <VerifiedStrip {...context} view={view} link={<a href={visitor.href(sessionPath(view, '/comprobar'))}>{words.verifyLink}</a>} />
      ) : (
        <p>
          <a href={visitor.href(sessionPath(view, '/comprobar'))}>{words.verifyLink}</a>
        </p>
      )}
      <h2 id="downloads-heading">{words.dataHeading}</h2>
      <ul class="files">
        {view.transcript ? (
          <li>
            <a href={visitor.href(sessionPath(view, '/texto'))}>
              <Icon name="text" />
              {words.wholeText}
            </a>
          </li>
        ) : null}
        {links.map((link) => (
          <li key={link.href}>
            <a href={link.href}>
              <Icon name="download" />
              {link.text}
            </a>
            {link.more ? <span class="small muted num"> {link.more}</span> : null}
          </li>
        ))}
      </ul>
      {view.recording ? (
        <p class="small muted">{view.council.enablingNorm ? words.enabledBy(view.council.enablingNorm) : words.supportRecordingMore}</p>
      ) : null}
      {view.master && !master ? <p class="small muted">{words.masterWithheld}</p> : null}
    </section>
  )
}
