import type { JSX } from 'preact'
import type { Acta } from '../../storage/model/acta.ts'
import { fullName } from '../../storage/model/council.ts'
import type { SpeakerQuestion } from '../../storage/model/speaker-questions.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip, Strip } from '../design/chip.tsx'
import { Icon } from '../design/icon.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { type SessionView, sessionPath } from '../portal/session-view.ts'
import type { Visitor } from '../visitor.ts'
import { mediaClock } from '../words/dates.ts'
import type { EditorWords } from '../words/editor-gl.ts'
import { memberHeard, nobodyKnown, speakerChoices } from './speaker-choices.ts'

export interface SpeakerView {
  visitor: Visitor
  words: EditorWords
  listed: ListedCouncil
  session: SessionView
  acta: Acta
  questions: SpeakerQuestion[]
  question: SpeakerQuestion | undefined
  /** Sentence that was answered just now: undoing opens it again. */
  answered: string | undefined
  editable: boolean
  mayUndo: boolean
  done: 'attributed' | 'undone' | 'nothing' | undefined
  refusal: string | undefined
}

/** One question at a time: its sound, its words, and a button for each person. The others are one tap away. */
export function SpeakerPage({ pages, view }: { pages: Pages; view: SpeakerView }): JSX.Element {
  const { visitor, words, listed, session, questions, question, done, refusal } = view
  const of = words.questions
  const editor = visitor.href(`/c/${session.councilSlug}/editor/${session.session.slug}`)
  const data = {
    playlist: session.recording ? visitor.href(sessionPath(session, '/video.m3u8')) : null,
    pieces: session.recording?.pieces ?? [],
  }
  return (
    <Shell
      {...{ pages, visitor, data }}
      title={of.title}
      council={listed}
      indexed={false}
      style="web/editor/page/speakers.css"
      script="web/editor/page/speakers-page.ts"
    >
      <div class="stack questions">
        <a href={editor}>← {of.back}</a>
        <div class="row wrap">
          <h1>{of.title}</h1>
          {questions.length > 0 ? (
            <Chip tone="plain">
              <span class="num">{of.left(questions.length)}</span>
            </Chip>
          ) : null}
          <span class="grow" />
          <span role="status" class="small">
            {done === undefined ? '' : { attributed: words.attributed, undone: words.undone, nothing: words.nothingChanged }[done]}
          </span>
          <Undo view={view} />
        </div>
        {refusal === undefined ? null : (
          <div role="alert">
            <Strip tone="warn" icon="alert">
              {refusal}
            </Strip>
          </div>
        )}
        {question ? <Question of={question} view={view} /> : <Empty view={view} />}
        {questions.length > 1 ? <Others view={view} /> : null}
        <p class="small muted">{of.kept}</p>
      </div>
    </Shell>
  )
}

function Empty({ view }: { view: SpeakerView }): JSX.Element {
  const of = view.words.questions
  return (
    <section class="stack" id="question" tabIndex={-1} aria-label={of.title}>
      <Strip tone="good" icon="check">
        {of.none}
      </Strip>
      <p>{of.noneHelp}</p>
    </section>
  )
}

function Undo({ view }: { view: SpeakerView }): JSX.Element | null {
  if (!view.mayUndo) return null
  return (
    <form method="post">
      <input type="hidden" name="version" value={view.acta.version} />
      <input type="hidden" name="punto" value={view.answered ?? view.question?.sentence.id ?? ''} />
      <button class="btn" type="submit" name="undo" value="1" id="undo" title={view.words.undoHelp}>
        {view.words.questions.undo}
      </button>
    </form>
  )
}

function Question({ of, view }: { of: SpeakerQuestion; view: SpeakerView }): JSX.Element {
  const { words, session, acta, editable } = view
  const said = words.questions
  const { likely, present, others } = speakerChoices(of, session.council, session.state)
  const following = of.following.length
  return (
    <form method="post" class="question" id="question" tabIndex={-1} aria-labelledby="said">
      <input type="hidden" name="version" value={acta.version} />
      <input type="hidden" name="punto" value={nextOf(of, view)?.sentence.id ?? ''} />
      <input type="hidden" name="sentence" value={of.sentence.id} />
      <input type="hidden" name="following" value={of.following.join(' ')} />
      {/* The first button of a form answers to Enter: it must do nothing. */}
      <button type="submit" name="keep" value="it" hidden tabIndex={-1} />
      {session.recording ? (
        /* biome-ignore lint/a11y/useMediaCaption: the words stand under it */
        <video id="video" controls preload="none" playsInline aria-label={words.video} hidden />
      ) : null}
      <p class="row wrap">
        <button class="btn" type="button" id="listen" data-listen={of.fromMs} disabled={!session.recording}>
          <Icon name="play" /> {said.listen(mediaClock(of.fromMs))}
        </button>
        <span class="small muted">{whyAsked(of, view)}</span>
      </p>
      <blockquote id="said" lang={of.sentence.language}>
        {of.sentence.text}
      </blockquote>
      <fieldset disabled={!editable}>
        <legend>
          {said.who} <span class="small muted">{said.now(of.speaker)}</span>
        </legend>
        {following > 0 ? (
          <label class="check">
            <input type="checkbox" name="all" value="1" data-key="t" /> {said.following(following)} <kbd class="key num">T</kbd>
          </label>
        ) : null}
        <div class="people">
          {[...likely, ...present].map((one, at) => (
            <button
              key={one.value}
              class={at < likely.length ? 'btn main' : 'btn'}
              type="submit"
              name="speaker"
              value={one.value}
              data-key={at < 9 ? at + 1 : undefined}
            >
              {at < 9 ? <span class="key num">{at + 1}</span> : null} {one.name}
            </button>
          ))}
          <button class="btn" type="submit" name="speaker" value={nobodyKnown} data-key="0">
            <span class="key num">0</span> {said.nobody}
          </button>
        </div>
        {others.length > 0 ? (
          <div class="row wrap">
            <label>
              <span class="small">{said.other}</span>
              <select class="field" name="speaker">
                <option value="">{said.choose}</option>
                {others.map((one) => (
                  <option key={one.value} value={one.value}>
                    {one.name}
                  </option>
                ))}
              </select>
            </label>
            <button class="btn" type="submit">
              {said.save}
            </button>
          </div>
        ) : null}
      </fieldset>
      {view.questions.length > 1 ? (
        <p>
          <a class="btn" href={addressOf(nextOf(of, view), view)} data-key="s">
            {said.skip} <kbd class="key num">S</kbd>
          </a>
        </p>
      ) : null}
      <p class="small muted keys">{said.keys}</p>
    </form>
  )
}

/** The question that is shown once this one is answered, or left: after the last comes the first that was left. */
function nextOf(of: SpeakerQuestion, { questions }: SpeakerView): SpeakerQuestion | undefined {
  const next = questions[(questions.indexOf(of) + 1) % questions.length]
  return next === of ? undefined : next
}

/** The page with one question. */
function addressOf(question: SpeakerQuestion | undefined, { visitor }: SpeakerView): string {
  return `${visitor.href(visitor.path.split('?')[0] ?? '')}?frase=${encodeURIComponent(question?.sentence.id ?? '')}`
}

/** Why a person is asked, in words. */
function whyAsked({ heard }: SpeakerQuestion, { words, session }: SpeakerView): string {
  const of = words.questions
  const [first, second] = [heard.id, heard.runnerUp].map((id) => memberHeard(id, session.council))
  const likely = first ?? second
  if (heard.review === 'sources-disagree') return of.disagree(likely && fullName(likely))
  return likely ? of.unsure(fullName(likely)) : of.unknown
}

function Others({ view }: { view: SpeakerView }): JSX.Element {
  const { words, questions, question } = view
  return (
    <section aria-labelledby="others">
      <h2 id="others">{words.questions.later}</h2>
      <ol class="others">
        {questions
          .filter((one) => one !== question)
          .slice(0, 50)
          .map((one) => (
            <li key={one.sentence.id}>
              <a href={addressOf(one, view)}>
                <span class="num">{mediaClock(one.fromMs)}</span> <span lang={one.sentence.language}>{one.sentence.text.slice(0, 90)}</span>
              </a>
            </li>
          ))}
      </ol>
    </section>
  )
}
