import type { JSX } from 'preact'
import { whatIsConvened } from '../../storage/model/convocation.ts'
import type { Council, Member } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import type { Opening } from '../../storage/records/convocations.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { Chip, Strip } from '../design/chip.tsx'
import { clockTime, longDate } from '../words/dates.ts'
import { ChecksSection } from './checks-section.tsx'
import { SetUpForm } from './fields.tsx'
import type { Audience, Notice } from './notice.ts'
import { PrepareFrame } from './prepare-frame.tsx'
import { type PrepareView, type SessionSetUp, setUpHref } from './session-view.ts'

export interface ConvocationView {
  view: PrepareView
  setUp: SessionSetUp
  /** The session whose draft acta travels with the convocation. */
  previous: Session | undefined
  notices: Record<Audience, Notice> | undefined
  openings: Opening[]
  /** Members who have an account to open it with. */
  withAccount: ReadonlySet<string>
  done: string | undefined
}

/** The convocation: what it carries, whether the law lets it go, its notice, and who opened it. */
export function ConvocationPage(props: ConvocationView): JSX.Element {
  const { view, setUp } = props
  const { words } = view
  return (
    <PrepareFrame
      view={view}
      title={words.convocationTitle}
      back={{ href: setUpHref(view, setUp.session.slug), label: words.backToSession }}
      done={props.done}
      script="web/prepare/page/agenda-page.ts"
    >
      <IssueSection {...props} />
      <ChecksSection view={view} setUp={setUp} />
      {props.notices ? <NoticeSection {...props} notices={props.notices} /> : null}
      {setUp.issued ? <OpeningsSection {...props} /> : null}
    </PrepareFrame>
  )
}

function IssueSection({ view, setUp, previous }: ConvocationView): JSX.Element {
  const { words, visitor } = view
  const { session, council, issued, findings, open } = setUp
  const against = findings.some((one) => one.level === 'bad' && one.code !== 'agenda-changed')
  const when = issued
    ? `${longDate(issued.issuedAtMs, visitor.language, council.timeZone)}, ${clockTime(issued.issuedAtMs, council.timeZone)}`
    : ''
  return (
    <section class="card pad stack">
      <h2>{words.packageTitle}</h2>
      <ul>
        <li>{words.packageAgenda(session.agenda.length)}</li>
        <li>{previous ? words.packageActa(longDate(previous.convenedFor, visitor.language, council.timeZone)) : words.packageNoActa}</li>
      </ul>
      <p>
        <Chip tone={issued ? 'good' : 'plain'}>{issued ? words.issuedOn(issued.number, when) : words.notIssued}</Chip>
      </p>
      {open && session.agenda.length > 0 ? (
        <>
          {against ? (
            <Strip tone="bad" icon="alert">
              {words.stopsIssuing}
            </Strip>
          ) : null}
          <p class="small muted">{words.issueHelp}</p>
          <SetUpForm
            act="issue"
            seen={seenOf(whatIsConvened(session))}
            action={setUpHref(view, session.slug, '/convocatoria')}
            returned={view.returned}
            words={words}
            of={{ number: String((issued?.number ?? 0) + 1) }}
          >
            <p>
              <button class={against || issued ? 'btn' : 'btn main'} type="submit">
                {against ? words.issueAnyway : issued ? words.issueAgain : words.issue}
              </button>
            </p>
          </SetUpForm>
        </>
      ) : null}
    </section>
  )
}

function NoticeSection({ view, setUp, notices }: ConvocationView & { notices: Record<Audience, Notice> }): JSX.Element {
  const { words } = view
  return (
    <section class="card pad stack notice">
      <h2>{words.noticeTitle}</h2>
      <p class="muted">{words.noticeLead}</p>
      {(['members', 'media'] as const).map((audience) => {
        const notice = notices[audience]
        const title = audience === 'media' ? words.noticeForMedia : words.noticeForMembers
        const download = (kind: string) => setUpHref(view, setUp.session.slug, `/convocatoria/${audience}.${kind}`)
        return (
          <div key={audience} class="stack" data-audience={audience}>
            <h3>{title}</h3>
            {audience === 'media' ? (
              <p>
                {notice.to.length > 0
                  ? words.noticeTo(notice.to.map((one) => `${one.name} <${one.email}>`).join(', '))
                  : words.noticeNoMedia}
              </p>
            ) : null}
            <textarea
              class="field"
              id={`nota-${audience}`}
              rows={10}
              readOnly
              lang={setUp.session.language}
              aria-label={`${words.noticeTitle} · ${title}`}
              value={notice.text}
            />
            <div class="row wrap">
              <button class="btn" type="button" data-copy={`nota-${audience}`} data-copied={words.copied} hidden>
                {words.copy}
                <span class="hidden-text"> · {title}</span>
              </button>
              <a class="btn" href={download('eml')}>
                {words.downloadMail}
                <span class="hidden-text"> · {title}</span>
              </a>
              <a class="btn" href={download('txt')}>
                {words.downloadText}
                <span class="hidden-text"> · {title}</span>
              </a>
              <span role="status" />
            </div>
          </div>
        )
      })}
    </section>
  )
}

function OpeningsSection({ view, setUp, openings, withAccount }: ConvocationView): JSX.Element {
  const { words } = view
  const { council, issued } = setUp
  const of = openings.filter((one) => one.number === issued?.number)
  const people = council.members.filter((one) => one.legal).sort((one, other) => one.surname.localeCompare(other.surname, 'gl'))
  return (
    <section class="card pad stack">
      <h2>{words.openings}</h2>
      {of.length === 0 ? <p>{words.openingsNone}</p> : null}
      <ul class="lines">
        {people.map((member) => (
          <li key={member.id} class="row wrap" data-member={member.id}>
            <span class="grow">
              {member.name} {member.surname}
            </span>
            <span class="small muted">{openedBy(member, of, council, view, withAccount)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function openedBy(
  member: Member,
  openings: Opening[],
  council: Council,
  { words, visitor }: PrepareView,
  withAccount: ReadonlySet<string>,
): string {
  const own = openings.filter((one) => one.member === member.id)
  if (own.length === 0) return withAccount.has(member.id) ? words.notOpened : words.noAccount
  const when = (ms: number) => `${longDate(ms, visitor.language, council.timeZone)} ${clockTime(ms, council.timeZone)}`
  return own.map((one) => (one.what === 'agenda' ? words.openedAgenda(when(one.atMs)) : words.openedActa(when(one.atMs)))).join(' · ')
}

/** What a member sees of a convocation; that they opened it is written down. */
export function MemberConvocationPage({ view, setUp, previous }: Pick<ConvocationView, 'view' | 'setUp' | 'previous'>): JSX.Element | null {
  const { words, visitor, listed } = view
  const issued = setUp.issued
  if (!issued) return null
  const { session } = issued
  const zone = setUp.council.timeZone
  const day = longDate(session.convenedFor, visitor.language, zone)
  return (
    <PrepareFrame
      view={view}
      title={words.memberTitle(words.kinds[session.kind], day)}
      back={{ href: visitor.href(`/c/${listed.slug}/mesa`), label: words.backToTable }}
    >
      <p>{words.memberWhen(day, clockTime(session.convenedFor, zone), session.place, words.calls[session.call])}</p>
      <section class="card pad stack">
        <h2>{words.agenda}</h2>
        {(['resolutive', 'control'] as const).map((part) => {
          const items = session.agenda.filter((one) => one.section === part)
          return items.length === 0 ? null : (
            <div key={part} class="stack">
              <h3>{words.sections[part]}</h3>
              <ol class="lines agenda">
                {items.map((item) => (
                  <li key={item.id} class="row wrap" value={item.number}>
                    <span class="number num">{item.number}</span>
                    <span class="grow deed">{item.title[visitor.language]}</span>
                    <Chip>{words.itemKinds[item.kind]}</Chip>
                  </li>
                ))}
              </ol>
            </div>
          )
        })}
      </section>
      {previous ? (
        <p>
          <a class="btn main" href={visitor.href(`/c/${listed.slug}/convocatoria/${session.slug}/acta`)}>
            {words.memberActa}
          </a>
        </p>
      ) : null}
      <p class="small muted">{words.memberRead}</p>
    </PrepareFrame>
  )
}
