import type { JSX } from 'preact'
import { type ActaBlock, type Sentence, sentencesOf } from '../../storage/model/acta.ts'
import { Icon } from '../design/icon.tsx'
import { VoteBar } from '../design/vote.tsx'
import { clockTime, mediaClock, shortDate } from '../words/dates.ts'
import { soundOf, waitingOf } from './acta-sections.ts'
import { type EditorView, otherLang } from './editor-view.ts'
import { termsIn } from './term-suggestions.ts'

/** The section as a document: each sentence with its bar, its sound and who took it as theirs. One form, many buttons. */
export function ActaPane({ view }: { view: EditorView }): JSX.Element {
  const { words, section, acta, visitor, session } = view
  const waiting = waitingOf(section).length
  return (
    <form class="doc" method="post" action={visitor.href(`/c/${session.councilSlug}/editor/${session.session.slug}`)} id="acta-form">
      <input type="hidden" name="version" value={acta.version} />
      <input type="hidden" name="punto" value={section.key} />
      {/* The first button of a form answers to Enter: it must do nothing. */}
      <button type="submit" name="keep" value="theirs" hidden tabIndex={-1} />
      <h1>
        {section.number === undefined ? (section.key === 'peche' ? words.closing : words.opening) : `${section.number}. ${section.heading}`}
      </h1>
      {section.blocks.map((block, index) => (
        <Block key={block.id} block={block} before={section.blocks[index - 1]} view={view} />
      ))}
      {view.editable && waiting > 0 ? (
        <p class="all">
          <button class="btn main" type="submit" name="accept-all" value="1">
            {words.acceptItemCount(waiting)}
          </button>
        </p>
      ) : null}
    </form>
  )
}

function Block({ block, before, view }: { block: ActaBlock; before: ActaBlock | undefined; view: EditorView }): JSX.Element {
  const { words, visitor } = view
  const titles: Partial<Record<ActaBlock['kind'], string>> = {
    turn: words.debate,
    vote: words.vote,
    agreement: words.agreement,
    incident: words.incident,
  }
  const title = block.kind === before?.kind ? undefined : titles[block.kind]
  return (
    <>
      {title ? <h2>{title}</h2> : null}
      {block.kind === 'list' ? <h2>{block.heading}</h2> : null}
      {block.kind === 'vote' ? <VoteBar tally={block} language={visitor.language} /> : null}
      {sentencesOf(block).map((one) => (
        <SentenceRow key={one.id} of={one} block={block} view={view} />
      ))}
    </>
  )
}

function SentenceRow({ of, block, view }: { of: Sentence; block: ActaBlock; view: EditorView }): JSX.Element {
  const { words, visitor, session, section } = view
  const waiting = of.origin === 'machine' && of.acceptedBy === undefined
  const fromMs = soundOf(of)
  const at =
    of.acceptedAtMs === undefined
      ? ''
      : `${shortDate(of.acceptedAtMs, visitor.language, session.council.timeZone)}, ${clockTime(of.acceptedAtMs, session.council.timeZone)}`
  return (
    <div
      class={`s ${barOf(of, fromMs)}`}
      id={`f-${of.id}`}
      data-sentence={of.id}
      {...(fromMs === undefined ? {} : { 'data-from': fromMs })}
    >
      <p {...otherLang(of.language, visitor.language)}>
        {of.text}{' '}
        {fromMs === undefined ? null : (
          <a
            class="t num"
            data-listen={fromMs}
            href={`?punto=${section.key}&t=${Math.floor(fromMs / 1000)}#son`}
            aria-label={words.listenFrom(mediaClock(fromMs))}
          >
            <Icon name="play" /> {mediaClock(fromMs)}
          </a>
        )}
        {waiting && fromMs === undefined ? <span class="t none">{words.noSource}</span> : null}
        {waiting ? <span class="hidden-text"> {words.machine}</span> : null}
      </p>
      {of.other === undefined ? null : (
        <p class="muted" lang={of.language === 'gl' ? 'es' : 'gl'}>
          {of.other}
        </p>
      )}
      {of.acceptedBy === undefined ? null : (
        <p class="who">{of.origin === 'person' ? words.writtenBy(of.acceptedBy, at) : words.acceptedBy(of.acceptedBy, at)}</p>
      )}
      {view.editable && waiting ? <Terms of={of} view={view} /> : null}
      {view.editable ? <SentenceActs of={of} block={block} waiting={waiting} view={view} /> : null}
    </div>
  )
}

/** Words heard without being sure that sound like a name the council knows: one press writes it. */
function Terms({ of, view }: { of: Sentence; view: EditorView }): JSX.Element | null {
  const found = termsIn(of, view.session.transcript, view.glossary)
  if (found.length === 0) return null
  return (
    <div class="terms row wrap">
      {found.map((one) => (
        <button key={one.word} class="btn" type="submit" name="take-term" value={`${of.id}|${one.word}`}>
          {view.words.takeTerm(one.heard, one.term)}
        </button>
      ))}
    </div>
  )
}

function SentenceActs({ of, block, waiting, view }: { of: Sentence; block: ActaBlock; waiting: boolean; view: EditorView }): JSX.Element {
  const { words } = view
  const fixed = block.kind === 'vote' || (block.kind === 'agreement' && view.session.stage === 'approved')
  return (
    <div class="acts">
      {waiting ? (
        <button class="btn" type="submit" name="accept" value={of.id}>
          <Icon name="check" /> {words.accept}
        </button>
      ) : null}
      {fixed ? null : (
        <details>
          <summary>{words.edit}</summary>
          <label>
            <span class="small">{words.editLabel}</span>
            <textarea
              class="field deed"
              name={`text-${of.id}`}
              rows={Math.min(8, Math.ceil(of.text.length / 60) + 1)}
              maxLength={4000}
              lang={of.language}
            >
              {of.text}
            </textarea>
          </label>
          {view.acta.bilingual ? (
            <label>
              <span class="small">{words.otherLabel[of.language === 'gl' ? 'es' : 'gl']}</span>
              <textarea class="field deed" name={`other-${of.id}`} rows={3} maxLength={4000} lang={of.language === 'gl' ? 'es' : 'gl'}>
                {of.other ?? ''}
              </textarea>
            </label>
          ) : null}
          <button class="btn main" type="submit" name="rewrite" value={of.id}>
            {words.save}
          </button>
        </details>
      )}
    </div>
  )
}

/** The bar at the left: what a person wrote or took as theirs, what the machine wrote with its sound, what it wrote without. */
function barOf(of: Sentence, fromMs: number | undefined): string {
  if (of.origin === 'person') return 'ok'
  if (of.origin !== 'machine') return 'plain'
  if (of.acceptedBy !== undefined) return 'ok'
  return fromMs === undefined ? 'none' : 'src'
}
