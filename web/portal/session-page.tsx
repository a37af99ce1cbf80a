import type { JSX } from 'preact'
import { Chip, Strip } from '../design/chip.tsx'
import { Icon } from '../design/icon.tsx'
import { Shell } from '../design/page-shell.tsx'
import { duration, fileSize, longDate, shortDate, yearOf } from '../words/dates.ts'
import { AgendaList } from './agenda-list.tsx'
import { Downloads } from './downloads.tsx'
import { ImportedStatement } from './imported-statement.tsx'
import type { PageContext } from './page-context.ts'
import type { SessionPageData } from './page-data.ts'
import { PlayerPanel, ProofStrips } from './player-panel.tsx'
import { SectionCard } from './section-card.tsx'
import { SectionText } from './section-text.tsx'
import { actaState, type Section, type SessionView, sectionPath, sectionsOf, sessionPath } from './session-view.ts'

export interface SessionPageProps extends PageContext {
  view: SessionView
  /** 0 is the opening. */
  number: number
  /** Where the address asks to begin, ms on the media line. */
  startMs?: number
}

export function sessionTitle(view: Pick<SessionView, 'session' | 'council'>, { words, visitor }: PageContext): string {
  const date = longDate(view.session.convenedFor, visitor.language, view.council.timeZone)
  return words.sessionTitle(words.kind[view.session.kind], date)
}

/** The heart of the portal: one session, at one of its items. */
export function sessionPage(props: SessionPageProps): JSX.Element | undefined {
  const { view, number, words, visitor } = props
  const sections = sectionsOf(view, words)
  const section = sections.find((one) => one.number === number)
  if (!section) return undefined
  const title = sessionTitle(view, props)
  const itemTitle = section.item?.item.title[visitor.language]
  const startMs = props.startMs ?? section.fromMs ?? 0
  const verified = view.verification?.authentic === true
  return (
    <Shell
      {...props}
      title={itemTitle ? `${number}. ${itemTitle} · ${title}` : `${title} · ${view.council.name}`}
      council={{ name: view.council.name, slug: view.councilSlug, demo: view.council.demo }}
      current="sessions"
      script="web/portal/page/session-page.ts"
      data={pageData(view, sections, section, startMs, props)}
      indexed={view.publishedAtMs !== null}
      {...(verified ? { bodyAttributes: { 'data-session-verified': 'true' } } : {})}
    >
      <Crumbs {...props} />
      <h1>{title}</h1>
      <Facts {...props} />
      {view.publishedAtMs === null ? (
        <Strip tone="warn" icon="lock">
          {words.unpublishedStrip}
        </Strip>
      ) : null}
      <ImportedStatement {...props} />
      <div class="session">
        <PlayerPanel {...props} section={section} startMs={startMs} />
        <ProofStrips {...props} />
        <AgendaList {...props} sections={sections} current={number} />
        <div class="body">
          <div id="section" data-section={number}>
            <SectionCard {...props} section={section} />
            <SectionText {...props} section={section} />
            <Neighbours {...props} sections={sections} number={number} />
          </div>
          <Downloads {...props} />
        </div>
      </div>
      <button class="btn main follow" type="button" id="follow" hidden>
        <Icon name="text" />
        {words.follow}
      </button>
    </Shell>
  )
}

function Crumbs({ view, words, visitor }: SessionPageProps): JSX.Element {
  return (
    <nav class="crumbs" aria-label={words.breadcrumb}>
      <ol>
        <li>
          <a href={visitor.href(`/c/${view.councilSlug}`)}>{words.homeHeading}</a>
        </li>
        <li class="num">{yearOf(view.session.convenedFor, view.council.timeZone)}</li>
      </ol>
    </nav>
  )
}

/** State of the acta, place, length, and the acta to take away. */
function Facts({ view, words, visitor }: SessionPageProps): JSX.Element {
  const { acta, recording } = view
  const state = actaState({ stage: view.stage, signed: acta !== undefined })
  return (
    <div class="facts row wrap">
      <Chip tone={state === 'signed' ? 'council' : 'plain'} icon="file">
        {acta ? words.acta.signedOn(shortDate(acta.createdAtMs, visitor.language, view.council.timeZone)) : words.acta[state]}
      </Chip>
      <Chip>{view.session.place}</Chip>
      {recording ? <Chip icon="play">{view.council.enablingNorm ? words.videoActa : words.supportRecording}</Chip> : null}
      {recording ? <Chip icon="clock">{duration(recording.lengthMs)}</Chip> : null}
      {acta ? (
        <a class="download" href={sessionPath(view, '/acta.pdf')}>
          <Icon name="download" />
          {words.downloadActa(fileSize(acta.sizeBytes, visitor.language))}
        </a>
      ) : null}
    </div>
  )
}

function Neighbours({ view, sections, number, words, visitor }: SessionPageProps & { sections: Section[] }): JSX.Element {
  const at = sections.findIndex((one) => one.number === number)
  const [before, after] = [sections[at - 1], sections[at + 1]]
  return (
    <nav class="neighbours row wrap" aria-label={words.neighbours}>
      {before ? (
        <a class="btn" href={visitor.href(sectionPath(view, before.number))} data-section={before.number} data-from={before.fromMs}>
          {words.previousItem}
        </a>
      ) : null}
      {after ? (
        <a class="btn" href={visitor.href(sectionPath(view, after.number))} data-section={after.number} data-from={after.fromMs}>
          {words.nextItem}
          <Icon name="next" />
        </a>
      ) : null}
    </nav>
  )
}

function pageData(view: SessionView, sections: Section[], section: Section, startMs: number, { words }: PageContext): SessionPageData {
  return {
    playlist: sessionPath(view, '/video.m3u8'),
    pieces: view.recording?.pieces ?? [],
    startMs,
    section: section.number,
    starts: sections
      .flatMap((one) => (one.item?.spans ?? []).map((span) => ({ number: one.number, fromMs: span.fromMs })))
      .sort((a, b) => a.fromMs - b.fromMs),
    counts: { one: words.proofCount(1), many: words.proofCount(2) },
  }
}
