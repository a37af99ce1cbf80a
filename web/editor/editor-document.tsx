import type { ComponentChildren, JSX } from 'preact'
import { reviewProgress } from '../../minutes/review-acta.ts'
import { unaccepted } from '../../storage/model/acta.ts'
import { Chip, Strip } from '../design/chip.tsx'
import { Crest } from '../design/council-header.tsx'
import { Head, PageData } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { sessionPath } from '../portal/session-view.ts'
import { clockTime, longDate } from '../words/dates.ts'
import { ActaPane } from './acta-pane.tsx'
import { waitingOf } from './acta-sections.ts'
import type { Done, EditorView, WaitingView } from './editor-view.ts'
import { SetAside } from './set-aside.tsx'
import { SoundPane } from './sound-pane.tsx'

const script = 'web/editor/page/editor-page.ts'
const style = 'web/editor/page/editor.css'

/** The acta in review: items, document, sound. Works with forms alone; the island adds keys and saves without leaving the place. */
export function EditorDocument({ pages, view }: { pages: Pages; view: EditorView }): JSX.Element {
  const { words, session, visitor } = view
  return (
    <Page pages={pages} view={view} title={`${words.title} · ${dateOf(view)}`} scripted>
      <EditorHeader view={view} />
      <nav class="tabs" aria-label={words.panes}>
        <a href="#puntos">{words.paneItems}</a>
        <a href="#acta" aria-current="true">
          {words.paneActa}
        </a>
        <a href="#son">{words.paneSound}</a>
      </nav>
      <div class="panes">
        <ItemsPane view={view} />
        <main id="acta" tabIndex={-1} class="shown">
          <Notices view={view} />
          <SetAside view={view} />
          <ActaPane view={view} />
        </main>
        <SoundPane view={view} />
      </div>
      <PageData
        value={{
          playlist: session.recording ? visitor.href(sessionPath(session, '/video.m3u8')) : null,
          pieces: session.recording?.pieces ?? [],
          startMs: view.startMs ?? null,
          saveFailed: words.saveFailed,
        }}
      />
    </Page>
  )
}

/** Before there is a draft: what is being done, and how far it is. */
export function WaitingDocument({ pages, view }: { pages: Pages; view: WaitingView }): JSX.Element {
  const { words, session, progress } = view
  const stages: Partial<Record<string, string>> = words.emptyStages
  return (
    <Page pages={pages} view={view} title={`${words.title} · ${dateOf(view)}`} scripted={false}>
      <EditorHeader view={view} />
      <main id="acta" class="empty" tabIndex={-1}>
        <h1>{words.emptyTitle}</h1>
        <p>{stages[session.stage] ?? words.emptyStages.draft}</p>
        {progress === undefined ? null : (
          <>
            <p class="num">
              {words.emptyProgress(progress.percent)}
              {progress.leftMs === undefined ? '' : ` ${words.emptyLeft(Math.ceil(progress.leftMs / 60_000))}`}
            </p>
            <progress value={progress.percent} max={100} aria-label={words.emptyProgress(progress.percent)} />
          </>
        )}
        <p class="small muted">{words.emptyReload}</p>
      </main>
    </Page>
  )
}

function Page({ pages, view, title, scripted, children }: PageProps): JSX.Element {
  return (
    <html lang={view.visitor.language}>
      <Head pages={pages} visitor={view.visitor} title={title} style={style} indexed={false} {...(scripted ? { script } : {})} />
      <body class="editor">
        <a class="skip" href="#acta">
          {view.words.paneActa}
        </a>
        {children}
        {scripted ? <script type="module" src={pages.asset(script)} /> : null}
      </body>
    </html>
  )
}

interface PageProps {
  pages: Pages
  view: EditorView | WaitingView
  title: string
  scripted: boolean
  children: ComponentChildren
}

function dateOf({ session, visitor }: EditorView | WaitingView): string {
  return longDate(session.session.convenedFor, visitor.language, session.council.timeZone)
}

function EditorHeader({ view }: { view: EditorView | WaitingView }): JSX.Element {
  const { words, session, visitor } = view
  return (
    <header class="head">
      <a class="home" href={visitor.href(`/c/${session.councilSlug}/mesa`)}>
        <Crest letter={session.council.municipality.charAt(0)} />
        <span class="small">{words.toTable}</span>
      </a>
      <p class="deed name">
        {words.kinds[session.session.kind]} · {dateOf(view)}
      </p>
      <Chip tone={session.stage === 'draft' ? 'warn' : 'plain'}>{words.stages[session.stage]}</Chip>
      {session.council.demo ? <Chip>{words.demo}</Chip> : null}
      {'acta' in view ? <Review view={view} /> : null}
    </header>
  )
}

/** How much is reviewed, when it was saved, and the way back. */
function Review({ view }: { view: EditorView }): JSX.Element {
  const { words, acta, versions, session, visitor } = view
  const { reviewed, total } = reviewProgress(acta)
  const saved = versions.at(-1)
  return (
    <>
      <span class="review" id="review">
        <Chip tone={reviewed === total ? 'good' : 'plain'} {...(reviewed === total ? { icon: 'check' as const } : {})}>
          <span class="num">{words.reviewed(reviewed, total)}</span>
        </Chip>
        <span class="small muted num" role="status">
          {view.done ? (
            <b class="done">{doneSentence(view.done, words)}</b>
          ) : saved ? (
            words.savedAt(clockTime(saved.atMs, session.council.timeZone))
          ) : null}
        </span>
      </span>
      <span class="grow" />
      {view.mayUndo ? (
        <form method="post" action={visitor.href(`/c/${session.councilSlug}/editor/${session.session.slug}`)} class="undo">
          <input type="hidden" name="version" value={acta.version} />
          <input type="hidden" name="punto" value={view.section.key} />
          <button class="btn" type="submit" name="undo" value="1" title={words.undoHelp}>
            {words.undo}
          </button>
        </form>
      ) : null}
    </>
  )
}

function doneSentence(done: Done, words: EditorView['words']): string {
  if (done.kind === 'accepted') return words.accepted(done.count)
  return { attributed: words.attributed, rewritten: words.rewritten, undone: words.undone, nothing: words.nothingChanged }[done.kind]
}

function ItemsPane({ view }: { view: EditorView }): JSX.Element {
  const { words, sections, section, visitor, session } = view
  return (
    <nav id="puntos" aria-label={words.items}>
      <ol class="items">
        {sections.map((one) => {
          const waiting = waitingOf(one).length
          const name = one.number === undefined ? (one.key === 'peche' ? words.closing : words.opening) : `${one.number}. ${one.heading}`
          return (
            <li key={one.key}>
              <a
                href={visitor.href(`/c/${session.councilSlug}/editor/${session.session.slug}?punto=${one.key}`)}
                aria-current={one.key === section.key ? 'page' : undefined}
              >
                <span aria-hidden="true">{waiting === 0 ? '✓' : '○'}</span>
                <span>
                  {name}
                  <small class={waiting === 0 ? undefined : 'waits'}>{waiting === 0 ? words.nothingWaiting : words.waiting(waiting)}</small>
                </span>
              </a>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** What could not be done, and a text that two people wrote at once. */
function Notices({ view }: { view: EditorView }): JSX.Element {
  const { words, refusal, conflict, session, visitor, acta, section } = view
  return (
    <div id="notices">
      {view.editable && session.stage === 'draft' && unaccepted(acta).length === 0 ? (
        <Strip tone="good" icon="check">
          {words.allReviewed}
        </Strip>
      ) : null}
      {view.editable && view.questions > 0 ? (
        <Strip
          tone="plain"
          icon="alert"
          link={<a href={visitor.href(`/c/${session.councilSlug}/editor/${session.session.slug}/quen-fala`)}>{words.toQuestions}</a>}
        >
          {words.questionsWait(view.questions)}
        </Strip>
      ) : null}
      {refusal === undefined ? null : (
        <div role="alert">
          <Strip tone="warn" icon="alert">
            {refusal}
          </Strip>
        </div>
      )}
      {conflict ? (
        <form
          class="conflict"
          aria-label={words.conflictTitle}
          method="post"
          action={visitor.href(`/c/${session.councilSlug}/editor/${session.session.slug}`)}
        >
          <h2>{words.conflictTitle}</h2>
          <p>{words.conflict}</p>
          <input type="hidden" name="version" value={acta.version} />
          <input type="hidden" name="punto" value={section.key} />
          <div class="both">
            <div>
              <h3>{words.conflictTheirs}</h3>
              <p class="deed">{conflict.theirs}</p>
            </div>
            <label>
              <span class="title">{words.conflictYours}</span>
              <textarea class="field deed" name={`text-${conflict.sentence}`} rows={5}>
                {conflict.yours}
              </textarea>
            </label>
          </div>
          <div class="row wrap">
            <button class="btn" type="submit" name="keep" value="theirs">
              {words.keepTheirs}
            </button>
            <button class="btn main" type="submit" name="rewrite" value={conflict.sentence}>
              {words.keepYours}
            </button>
          </div>
        </form>
      ) : null}
    </div>
  )
}
