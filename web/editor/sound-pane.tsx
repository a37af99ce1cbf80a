import type { JSX } from 'preact'
import { isWithheld } from '../../storage/model/public-view.ts'
import { Icon } from '../design/icon.tsx'
import { sessionPath, turnsOf } from '../portal/session-view.ts'
import { mediaClock } from '../words/dates.ts'
import { inLanguage, portalWords } from '../words/words.ts'
import { type EditorView, otherLang } from './editor-view.ts'

/** The recording and what was said in the section. The player is the citizens': it hashes every segment. */
export function SoundPane({ view }: { view: EditorView }): JSX.Element {
  const { words, session, visitor, section } = view
  const turns = turnsOf(spoken(view), session.council, inLanguage(portalWords, visitor.language))
  return (
    <aside id="son" aria-label={words.paneSound}>
      <div class="still">
        {session.recording ? (
          /* biome-ignore lint/a11y/useMediaCaption: the tracks are those that the session has */
          <video id="video" controls preload="none" playsInline aria-label={words.video}>
            {session.captions.map((language) => (
              <track
                key={language}
                kind="captions"
                srclang={language}
                label={words.otherLanguage[language]}
                src={visitor.href(sessionPath(session, `/subtitulos.${language}.vtt`))}
              />
            ))}
          </video>
        ) : (
          <p class="muted">{words.noRecording}</p>
        )}
        <p class="keys">
          <kbd>Alt K</kbd> <kbd>Alt J</kbd> {words.keyNext} · <kbd>Alt ↵</kbd> {words.keyListen} · <kbd>Alt A</kbd> {words.keyAccept} ·{' '}
          <kbd>F4</kbd> {words.keyPause}
        </p>
      </div>
      <h2>{words.transcript}</h2>
      <p>
        <a href={visitor.href(`/c/${session.councilSlug}/calidade/${session.session.slug}`)}>{words.toQuality}</a>
      </p>
      {turns.length === 0 ? <p class="muted">{words.noTranscript}</p> : null}
      {turns.map((turn) => (
        <div class="turn" key={turn.fromMs} data-turn={turn.fromMs} data-until={turn.toMs}>
          <p class="small">
            <b>{turn.speaker}</b>{' '}
            <a
              class="t num"
              data-listen={turn.fromMs}
              href={`?punto=${section.key}&t=${Math.floor(turn.fromMs / 1000)}#son`}
              aria-label={words.listenFrom(mediaClock(turn.fromMs))}
            >
              <Icon name="play" /> {mediaClock(turn.fromMs)}
            </a>{' '}
            {turn.language === session.session.language ? null : <span class="chip">{words.otherLanguage[turn.language]}</span>}
          </p>
          <p {...otherLang(turn.language, visitor.language)}>{turn.text}</p>
        </div>
      ))}
    </aside>
  )
}

/** Utterances of the section: between the sounds of its first and its last sentence when it is no item. */
function spoken({ session, section, sections }: EditorView) {
  const all = session.transcript?.utterances ?? []
  const starts = session.state.items.flatMap(({ item, spans }) => spans.map((span) => ({ id: item.id as string, ...span })))
  const middle = (one: { fromMs: number; toMs: number }) => (one.fromMs + one.toMs) / 2
  const itemAt = (ms: number) => starts.find((one) => one.fromMs <= ms && (one.toMs === undefined || ms < one.toMs))?.id
  if (section.item !== undefined) return all.filter((one) => itemAt(middle(one)) === section.item)
  const first = Math.min(...starts.map((one) => one.fromMs))
  const opening = section.key === sections[0]?.key
  return all.filter(
    (one) =>
      itemAt(middle(one)) === undefined &&
      (opening ? one.fromMs < first : one.fromMs >= first) &&
      !isWithheld(one.fromMs, one.toMs, session.withheld),
  )
}
