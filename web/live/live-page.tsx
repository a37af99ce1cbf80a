import type { JSX } from 'preact'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip, type Tone } from '../design/chip.tsx'
import { HeardLine } from '../design/heard-line.tsx'
import { Icon, type IconName } from '../design/icon.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { longDate } from '../words/dates.ts'
import { liveWords } from '../words/live-words.ts'
import { inLanguage, portalWords } from '../words/words.ts'
import { type LivePhase, livePhases } from './live-protocol.ts'
import { liveSentences } from './live-sentences.ts'
import type { LiveView } from './read-live.ts'

const looks: Record<LivePhase, [Tone, IconName]> = {
  live: ['good', 'record'],
  waiting: ['plain', 'clock'],
  stopped: ['warn', 'pause'],
  closed: ['closed', 'lock'],
  recess: ['plain', 'pause'],
  before: ['plain', 'clock'],
  over: ['plain', 'check'],
}

/** The session while it runs. Without JavaScript it says what there is to know, and that the video needs it. */
export function LivePage(props: { pages: Pages; visitor: Visitor; listed: ListedCouncil; view: LiveView }): JSX.Element {
  const { pages, visitor, listed, view } = props
  const { language } = visitor
  const words = inLanguage(liveWords, language)
  const portal = inLanguage(portalWords, language)
  const date = longDate(view.session.convenedFor, language, view.council.timeZone)
  const title = words.title(portal.sessionTitle(portal.kind[view.session.kind], date))
  const said = liveSentences(view, language)
  const data = { path: visitor.href(`/c/${listed.slug}/directo/${view.session.slug}`), lost: words.lost, over: words.phases.over }
  return (
    <Shell
      {...{ pages, visitor, title, data }}
      council={listed}
      indexed={false}
      style="web/live/page/live.css"
      script="web/live/page/live-page.ts"
      description={words.notSealed}
    >
      <div class="stack live">
        <a href={visitor.href(`/c/${listed.slug}`)}>{words.back}</a>
        <h1>{title}</h1>
        <div role="status" id="state">
          {livePhases.map((phase) => (
            <div key={phase} data-phase={phase} hidden={phase !== view.phase}>
              <Strip tone={looks[phase][0]} icon={looks[phase][1]}>
                {words.phases[phase]}
              </Strip>
            </div>
          ))}
        </div>
        <div class="player" id="player" hidden={view.phase !== 'live'}>
          {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down yet what is being said */}
          <video id="video" controls playsInline preload="none" hidden aria-label={words.video} />
          <button class="play" type="button" id="play" hidden>
            <span class="disc">
              <Icon name="play" />
            </span>
            <span class="label">{words.watch}</span>
          </button>
        </div>
        <noscript>
          <p class="note">{words.noScript}</p>
        </noscript>
        <p class="floor" id="item">
          {said.item}
        </p>
        <p class="floor" id="speaker">
          {said.speaker}
        </p>
        <section id="drafted" class="drafted" hidden={said.captions.length === 0} aria-labelledby="drafted-title">
          <h2 id="drafted-title">{words.captions}</h2>
          <p class="small muted">{words.captionsHelp}</p>
          <div id="captions" data-said={JSON.stringify(said.captions)}>
            {said.captions.map((line) => (
              <HeardLine key={line.text} {...line} />
            ))}
          </div>
        </section>
        <p class="small muted">{words.notSealed}</p>
        <div id="trouble" role="alert" hidden>
          <Strip tone="warn" icon="alert">
            {words.trouble}
          </Strip>
        </div>
        <div id="lost" role="alert" hidden>
          <Strip tone="warn" icon="alert">
            {words.lost}
          </Strip>
        </div>
      </div>
    </Shell>
  )
}
