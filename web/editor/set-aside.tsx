import type { JSX } from 'preact'
import { correctedMs } from '../../storage/model/session-events.ts'
import { markSentence } from '../control/mark-sentence.ts'
import { Icon } from '../design/icon.tsx'
import { exactTime } from '../words/dates.ts'
import type { EditorView } from './editor-view.ts'

/** Marks of the session that the law does not let stand: they are in the log and not in the acta, each with its article. */
export function SetAside({ view }: { view: EditorView }): JSX.Element | null {
  const { words, session, visitor } = view
  const { setAside } = session.state
  if (setAside.length === 0) return null
  return (
    <details class="set-aside">
      <summary>
        <Icon name="alert" /> {words.setAside(setAside.length)}
      </summary>
      <p>{words.setAsideHelp}</p>
      <ul>
        {setAside.map(({ event, refusal }) => (
          <li key={event.id}>
            <b>{markSentence([event], session.council, session.state, visitor.language)}</b>{' '}
            <span class="num muted">{exactTime(correctedMs(event), session.council.timeZone)}</span>
            <br />
            {refusal.reason[visitor.language]} ({refusal.article})
          </li>
        ))}
      </ul>
    </details>
  )
}
