import type { JSX } from 'preact'
import { type Council, formalName } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import type { TranscriptQuality } from '../../storage/model/transcript-quality.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { longDate } from '../words/dates.ts'
import type { QualityWords } from '../words/quality-gl.ts'
import { qualityWords } from '../words/staff-words.ts'
import { Figures } from './quality-figures.tsx'
import type { QualityView } from './quality-view.tsx'
import { ScoresCard } from './scores-card.tsx'
import { ToHear } from './to-hear.tsx'
import { TranscriptionCard, type TranscriptionState } from './transcription-state.tsx'

/** How good the transcript is: what is left to hear first, then what was measured, in words a secretary uses. */
export function QualityPage({ pages, visitor, listed, of }: QualityPageProps): JSX.Element {
  const words = qualityWords[visitor.language]
  const { council, session, quality } = of
  const date = longDate(session.convenedFor, visitor.language, council.timeZone)
  const editor = `/c/${listed.slug}/editor/${session.slug}`
  const state = (
    <TranscriptionCard
      state={of.state}
      words={words}
      action={of.secretary ? visitor.href(`/c/${listed.slug}/calidade/${session.slug}`) : undefined}
    />
  )
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={listed}
      title={`${words.title} · ${date}`}
      style="web/quality/page/quality.css"
      indexed={false}
      narrow
    >
      <div class="stack quality">
        <p class="row wrap">
          <a class="btn" href={visitor.href(editor)}>
            {words.toActa}
          </a>
          <a class="btn" href={visitor.href(`/c/${listed.slug}/mesa`)}>
            {words.toTable}
          </a>
        </p>
        <h1>{words.title}</h1>
        <p class="muted">{date}</p>
        {of.state.kind === 'rests' ? null : state}
        {quality === undefined ? (
          <p class="card pad">{words.none}</p>
        ) : (
          <Body
            view={{
              words,
              quality,
              nameOf: (speaker) => nameOf(speaker, council, words),
              listen: (ms) => `${visitor.href(`${editor}?t=${Math.max(0, Math.floor(ms / 1000))}`)}#son`,
              confirm: of.secretary && of.drafted ? visitor.href(`${editor}/quen-fala`) : undefined,
            }}
          />
        )}
        {of.state.kind === 'rests' ? state : null}
      </div>
    </Shell>
  )
}

function Body({ view }: { view: QualityView }): JSX.Element {
  const { words, quality } = view
  const left = quality.untranscribed.length + quality.outsideSpeech.length + quality.notTrusted.length + quality.review.length
  return (
    <>
      {quality.model === null ? (
        <Strip tone="bad" icon="alert">
          {words.noModel}
        </Strip>
      ) : left === 0 ? (
        <Strip tone="good" icon="check">
          {words.nothingLeft}
        </Strip>
      ) : (
        <Strip tone="warn" icon="alert">
          {words.left(left)}
        </Strip>
      )}
      {left > 0 ? <p class="muted">{words.leftHelp}</p> : null}
      <ToHear view={view} />
      <Figures view={view} />
      <ScoresCard view={view} />
      <details class="card pad">
        <summary>{words.how}</summary>
        <p>{words.engine(quality.engine, quality.model)}</p>
        <p>{words.version(quality.version)}</p>
      </details>
    </>
  )
}

function nameOf(speaker: string, council: Council, words: QualityWords): string {
  const member = council.members.find((one) => (one.speaker ?? one.id) === speaker)
  if (member) return formalName(member)
  const seat = /^seat-(\d+)$/.exec(speaker)?.[1]
  return seat ? words.seat(seat) : speaker === 'unknown' ? words.unknownSpeaker : speaker === 'public' ? words.publicSpeaker : speaker
}

interface QualityPageProps {
  pages: Pages
  visitor: Visitor
  listed: ListedCouncil
  of: {
    council: Council
    session: Session
    quality: TranscriptQuality | undefined
    state: TranscriptionState
    secretary: boolean
    drafted: boolean
  }
}
