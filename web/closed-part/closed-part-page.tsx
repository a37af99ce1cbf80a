import type { JSX } from 'preact'
import { type ClosedPart, closedMarginMs, withheldOf } from '../../storage/model/closed-parts.ts'
import type { Council } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip, Strip } from '../design/chip.tsx'
import { Icon } from '../design/icon.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Piece } from '../portal/playlist.ts'
import type { PublicSegment } from '../portal/session-view.ts'
import type { Visitor } from '../visitor.ts'
import { longDate } from '../words/dates.ts'
import { closedPartWords } from '../words/staff-words.ts'
import { mediaTime } from './media-time.ts'

const script = 'web/closed-part/page/closed-part-page.ts'
const style = 'web/closed-part/page/closed-part.css'

interface PageProps {
  pages: Pages
  visitor: Visitor
  listed: ListedCouncil
  council: Council
  session: Session
  closed: ClosedPart[]
  segments: PublicSegment[]
  pieces: Piece[]
  /** What came of the last confirmation. */
  said: 'done' | 'wrong' | 'changed' | 'open' | undefined
}

/** The closed parts of a session, each with its sound and its limits. The forms work without JavaScript; with it there is a player. */
export function ClosedPartPage(props: PageProps): JSX.Element {
  const { pages, visitor, listed, council, session, closed, pieces } = props
  const words = closedPartWords[visitor.language]
  const path = visitor.href(`/c/${listed.slug}/pechadas/${session.slug}`)
  const title = `${words.title} · ${longDate(session.convenedFor, visitor.language, council.timeZone)}`
  return (
    <Shell {...{ pages, visitor, title, style, script }} council={listed} indexed={false} data={{ playlist: `${path}/video.m3u8`, pieces }}>
      <div class="stack closed-parts">
        <a href={visitor.href(`/c/${listed.slug}/mesa`)}>{words.back}</a>
        <h1>{title}</h1>
        <Said said={props.said} words={words} />
        <p>{words.intro}</p>
        <p class="small muted">{words.onlyYou}</p>
        {closed.length === 0 ? <p>{words.none}</p> : null}
        {pieces.length > 0 ? (
          /* biome-ignore lint/a11y/useMediaCaption: what was said in a closed part is written down nowhere */
          <video id="video" controls preload="none" playsInline hidden aria-label={words.video} />
        ) : null}
        <div id="not-heard" role="alert" hidden>
          <Strip tone="bad" icon="alert">
            {words.notHeard}
          </Strip>
        </div>
        {closed.map((part, n) => (
          <PartCard key={part.marks[0]} {...{ part, n, words, path }} segments={props.segments} />
        ))}
      </div>
    </Shell>
  )
}

type Words = (typeof closedPartWords)['gl']

function Said({ said, words }: { said: PageProps['said']; words: Words }): JSX.Element | null {
  if (said === undefined) return null
  const sentence = { done: words.done, wrong: words.wrongTime, changed: words.changed, open: words.stillClosed }[said]
  return (
    <div role={said === 'done' ? 'status' : 'alert'}>
      <Strip tone={said === 'done' ? 'good' : 'bad'} icon={said === 'done' ? 'check' : 'alert'}>
        {sentence}
      </Strip>
    </div>
  )
}

interface CardProps {
  part: ClosedPart
  n: number
  words: Words
  path: string
  segments: PublicSegment[]
}

function PartCard({ part, n, words, path, segments }: CardProps): JSX.Element {
  const { tapped, confirmed } = part
  const hidden = withheldOf(part)
  const hasEnd = Number.isFinite(tapped.toMs)
  const limits = confirmed ?? { fromMs: tapped.fromMs, toMs: hasEnd ? tapped.toMs : lastMs(segments) }
  const hasMedia = segments.some(({ line }) => line.ptsMs <= hidden.toMs && line.ptsMs + line.durationMs >= hidden.fromMs)
  return (
    <form class="card stack" method="post" action={path} aria-labelledby={`part-${n}`}>
      <div class="row wrap">
        <h2 id={`part-${n}`} class="grow">
          {words.part(n + 1)}
        </h2>
        <Chip tone={confirmed ? 'good' : 'warn'} icon={confirmed ? 'check' : 'clock'}>
          {confirmed ? words.confirmed : words.waiting}
        </Chip>
      </div>
      <p>{words.ground(part.ground)}</p>
      <p class="num">
        {hasEnd ? words.tapped(mediaTime(tapped.fromMs), mediaTime(tapped.toMs)) : words.tappedOpen(mediaTime(tapped.fromMs))}
      </p>
      <Strip tone="closed" icon="lock">
        {Number.isFinite(hidden.toMs)
          ? words.hidden(mediaTime(hidden.fromMs), mediaTime(hidden.toMs))
          : words.hiddenOpen(mediaTime(hidden.fromMs))}
      </Strip>
      {hasMedia ? (
        <p class="row wrap scripted">
          <button class="btn" type="button" data-listen={Math.max(0, limits.fromMs - closedMarginMs)}>
            <Icon name="play" /> {words.listenStart}
          </button>
          <button class="btn" type="button" data-listen={Math.max(0, limits.toMs - closedMarginMs)}>
            <Icon name="play" /> {words.listenEnd}
          </button>
        </p>
      ) : (
        <p>{words.noMedia}</p>
      )}
      <input type="hidden" name="marks" value={part.marks.join(' ')} />
      <Limit name="from" label={words.from} ms={limits.fromMs} words={words} />
      <Limit name="to" label={words.to} ms={limits.toMs} words={words} />
      <p class="small muted">
        {words.help} {hasMedia ? <span class="scripted">{words.hereHelp}</span> : null}
      </p>
      <button class={confirmed ? 'btn' : 'btn main'} type="submit">
        {confirmed ? words.confirmAgain : words.confirm}
      </button>
    </form>
  )
}

function Limit({ name, label, ms, words }: { name: 'from' | 'to'; label: string; ms: number; words: Words }): JSX.Element {
  return (
    <div class="limit">
      <label class="stack tight">
        <span>{label}</span>
        <input class="field num" name={name} value={mediaTime(ms)} inputMode="decimal" autocomplete="off" maxLength={20} required />
      </label>
      <span class="row scripted">
        <button class="btn" type="button" data-step="-1000" data-for={name}>
          <span class="hidden-text">{label}: </span>
          {words.secondBack}
        </button>
        <button class="btn" type="button" data-step="1000" data-for={name}>
          <span class="hidden-text">{label}: </span>
          {words.secondOn}
        </button>
        <button class="btn" type="button" data-here data-for={name} disabled>
          <span class="hidden-text">{label}: </span>
          {words.here}
        </button>
      </span>
    </div>
  )
}

function lastMs(segments: PublicSegment[]): number {
  return Math.max(0, ...segments.map(({ line }) => line.ptsMs + line.durationMs))
}
