import type { JSX } from 'preact'
import { Strip } from '../design/chip.tsx'
import { Icon } from '../design/icon.tsx'
import { mediaClock } from '../words/dates.ts'
import type { PageContext } from './page-context.ts'
import { toPlayerMs } from './playlist.ts'
import { type Section, type SessionView, sessionPath } from './session-view.ts'

interface PanelProps extends PageContext {
  view: SessionView
  section: Section
  /** Where the address asks to begin, on the media line. */
  startMs: number
}

/** The video's place: a big way to play that opens the whole recording where there is no JavaScript, and the player where there is. */
export function PlayerPanel({ view, section, startMs, words }: PanelProps): JSX.Element {
  if (!view.recording || view.recording.segments.length === 0) {
    return (
      <div class="player empty">
        <p>{view.session.recorded ? words.noRecordingYet : words.noRecording}</p>
      </div>
    )
  }
  const label = section.number === 0 ? words.play : words.playItem(section.number)
  const master = masterAddress(view)
  const seconds = Math.floor(toPlayerMs(startMs, view.recording.pieces) / 1000)
  return (
    <div class="player" id="player">
      {/* biome-ignore lint/a11y/useMediaCaption: the tracks are those that the session has */}
      <video id="video" controls preload="none" playsInline hidden aria-label={words.videoLabel}>
        {view.captions.map((language) => (
          <track
            key={language}
            kind="captions"
            srclang={language}
            label={words.captions[language]}
            src={sessionPath(view, `/subtitulos.${language}.vtt`)}
          />
        ))}
      </video>
      <a class="play" id="play" href={master ? `${master}#t=${seconds}` : '#texto'} aria-describedby="play-from">
        <span class="disc">
          <Icon name="play" />
        </span>
        <span class="label">{label}</span>
        <span class="num small" id="play-from">
          {mediaClock(startMs)}
        </span>
      </a>
      <p class="loading" id="loading" role="status" hidden>
        {words.videoLoading}
      </p>
      <noscript>
        <p class="note">{master ? words.noScriptVideo : words.masterWithheld}</p>
      </noscript>
    </div>
  )
}

/** The whole recording as one file, unless part of it is closed to the public. */
export function masterAddress(view: SessionView): string | undefined {
  return view.master && view.withheld.length === 0 ? sessionPath(view, '/gravacion.mp4') : undefined
}

/** What the browser checks while it plays. The page's script turns each strip on when it is true. */
export function ProofStrips({ view, words, visitor }: Pick<PanelProps, 'view' | 'words' | 'visitor'>): JSX.Element | null {
  if (!view.recording || view.recording.segments.length === 0) return null
  const how = (
    <a href={visitor.href(sessionPath(view, '/comprobar'))} class="small">
      {words.proofHow}
    </a>
  )
  return (
    <div class="proof" id="proof" role="status">
      <div data-proof="before">
        <Strip tone="plain" icon="shield" link={how}>
          {words.proofBefore}
        </Strip>
      </div>
      <div data-proof="ok" hidden>
        <Strip tone="good" icon="check" link={how}>
          {words.proofOk} <span class="small num" data-count="" />
        </Strip>
      </div>
      <div data-proof="broken" hidden>
        <Strip tone="bad" icon="cross" link={how}>
          {words.proofBroken}
        </Strip>
      </div>
      <div data-proof="unable" hidden>
        <Strip tone="warn" icon="alert" link={how}>
          {words.proofUnable}
        </Strip>
      </div>
      <div data-proof="failed" hidden>
        <Strip tone="warn" icon="alert">
          {words.videoFailed}
        </Strip>
        <button class="btn" type="button" id="retry">
          {words.retry}
        </button>
      </div>
    </div>
  )
}
