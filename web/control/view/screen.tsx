import type { JSX } from 'preact'
import type { Language } from '../../../storage/model/council.ts'
import { Icon } from '../../design/icon.tsx'
import { clockTime, mediaClock, shortDate } from '../../words/dates.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import type { ScreenView } from '../screen-view.ts'

interface ScreenProps {
  view: ScreenView
  nowMs: number
  /** No line to the server: what stands here may be old. */
  lost: boolean
  language: Language
}

/** What everybody in the room sees: what is being dealt with, who speaks and how long; large, and nothing to touch. */
export function Screen({ view, nowMs, lost, language }: ScreenProps): JSX.Element {
  const words = controlWords[language]
  const conduct = conductWords[language]
  const since = (ms: number) => mediaClock(Math.max(0, nowMs - ms))
  return (
    <main id="contido" class={`board is-${view.phase}`}>
      <header>
        <span>
          {view.council} · {words.kinds[view.kind]} · {shortDate(view.convenedFor, language, view.timeZone)}
        </span>
        <span class="now num">{clockTime(nowMs, view.timeZone)}</span>
      </header>
      <div class="what">
        {view.item && view.phase === 'open' ? (
          <>
            <p class="number">
              {view.item.number} <span class="num">{since(view.item.sinceMs)}</span>
            </p>
            <h1>{view.item.title[language]}</h1>
          </>
        ) : (
          <h1>
            {view.phase === 'closed-part' ? <Icon name="lock" /> : null} {phaseSentence(view, language)}
          </h1>
        )}
      </div>
      <div class="who">
        {view.speaker ? (
          <p class="speaker">
            <span class="kicker">{conduct.screenSpeaks}</span>
            <b>{view.speaker[language]}</b>
            <span class="num since">{since(view.speaker.sinceMs)}</span>
          </p>
        ) : view.vote ? (
          <p class="speaker">
            <span class="kicker">{conduct.screenVotes}</span>
            <b>{words.votePurposes[view.vote]}</b>
          </p>
        ) : view.result ? (
          <p class="speaker">
            <span class="kicker">{conduct.result}</span>
            <b>{words.proposed[view.result.outcome](words.counts(view.result.favour, view.result.against, view.result.abstain))}</b>
          </p>
        ) : null}
      </div>
      <footer>
        {lost ? (
          <span class="lost">
            <Icon name="alert" /> {conduct.screenLost}
          </span>
        ) : view.recording === 'none' ? null : (
          <span class={view.recording}>
            <Icon name={view.recording === 'paused' ? 'pause' : 'record'} />{' '}
            {view.recording === 'paused' ? conduct.screenPaused : conduct.screenRecording}
          </span>
        )}
        {view.quorum ? <span class="num">{conduct.quorumLine(view.quorum.present, view.quorum.legal, view.quorum.has)}</span> : null}
      </footer>
    </main>
  )
}

function phaseSentence(view: ScreenView, language: Language): string {
  const conduct = conductWords[language]
  switch (view.phase) {
    case 'before':
      return conduct.screenWaits(clockTime(view.convenedFor, view.timeZone))
    case 'open':
      return conduct.screenNoItem
    case 'recess':
      return conduct.screenRecess
    case 'closed-part':
      return conduct.screenClosed
    case 'lifted':
      return conduct.screenLifted
    case 'not-held':
      return conduct.screenNotHeld
  }
}
