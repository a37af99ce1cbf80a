import type { JSX } from 'preact'
import { Strip } from '../design/chip.tsx'
import { mediaClock } from '../words/dates.ts'
import type { PageContext } from './page-context.ts'
import { type Section, type SessionView, sectionPath, type Turn } from './session-view.ts'

interface TextProps extends PageContext {
  view: SessionView
  section: Section
  /** Stands in the place of «O que se dixo», and the warning then stands once for the whole page. */
  heading?: string
}

/** What was said in a section. One link a turn: sentences as links would be thousands of stops for a keyboard. */
export function SectionText(props: TextProps): JSX.Element {
  const { view, section, words, heading } = props
  const id = `said-${section.number}`
  const closed = view.withheld.filter((span) => span.fromMs < (section.toMs ?? 0) && span.toMs > (section.fromMs ?? 0))
  return (
    <section class="said" id={heading ? undefined : 'texto'} aria-labelledby={id}>
      <h2 id={id}>{heading ?? words.textHeading}</h2>
      {closed.map((span) => (
        <Strip key={span.fromMs} tone="closed" icon="lock">
          {Number.isFinite(span.toMs)
            ? words.closedPart(mediaClock(span.fromMs), mediaClock(span.toMs))
            : words.closedPartOpen(mediaClock(span.fromMs))}
        </Strip>
      ))}
      {section.turns.length === 0 ? (
        <p class="muted">{missingText(view, words)}</p>
      ) : (
        <>
          {heading ? null : <p class="note">{view.acta ? words.textNote : words.textNoteUnsigned}</p>}
          {section.turns.map((turn) => (
            <TurnText key={turn.fromMs} turn={turn} {...props} />
          ))}
        </>
      )}
    </section>
  )
}

function missingText(view: SessionView, words: PageContext['words']): string {
  if (!view.transcript) return view.session.recorded ? words.noTextYet : words.noText
  return view.transcript.model === null ? words.noTextModel : words.noText
}

export function TurnText({ turn, view, section, words, visitor }: TextProps & { turn: Turn }): JSX.Element {
  const clock = mediaClock(turn.fromMs)
  const address = `${sectionPath(view, section.number)}?t=${Math.floor(turn.fromMs / 1000)}`
  return (
    <div class="turn" data-from={turn.fromMs} data-to={turn.toMs}>
      <div class="who">
        <h3>
          {turn.speaker}
          {turn.unsure ? <span class="small muted"> ({words.unsure})</span> : null}
        </h3>
        <a class="num" href={visitor.href(address)} aria-label={`${turn.speaker}. ${words.goTo(clock)}`}>
          {clock}
        </a>
      </div>
      <p lang={turn.language === visitor.language ? undefined : turn.language}>{turn.text}</p>
    </div>
  )
}
