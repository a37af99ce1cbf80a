import type { JSX } from 'preact'
import type { Council } from '../../storage/model/council.ts'
import type { Session, SessionStage } from '../../storage/model/session.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import { longDate } from '../words/dates.ts'
import type { PageContext } from './page-context.ts'
import { actaState } from './session-view.ts'

/** A session as the list shows it. */
export interface ListedSession {
  session: Session
  stage: SessionStage
  published: boolean
  verified: boolean
  signed: boolean
  recorded: boolean
  /** Each item with what became of it, in words. */
  decisions: { number: number; title: string; result: string }[]
}

/** The council's own page: its sessions, newest first. */
export function homePage(
  props: PageContext & { council: Council; listed: ListedCouncil; sessions: ListedSession[]; live?: Session[] },
): JSX.Element {
  const { words, council, listed, sessions, visitor, live = [] } = props
  return (
    <Shell {...props} title={words.homeTitle(council.name)} council={listed} current="sessions" description={words.homeLead}>
      <div class="stack">
        <h1>{words.homeHeading}</h1>
        <p class="lead">{words.homeLead}</p>
        {live.map((one) => (
          <p key={one.id} class="row wrap">
            <Chip tone="bad" icon="record">
              {words.liveNow}
            </Chip>
            <a href={visitor.href(`/c/${listed.slug}/directo/${one.slug}`)}>
              {words.sessionTitle(words.kind[one.kind], longDate(one.convenedFor, visitor.language, council.timeZone))}
            </a>
          </p>
        ))}
        {sessions.length === 0 ? (
          <div class="card result">
            <h2>{words.homeEmpty}</h2>
            <p>{words.homeEmptyMore}</p>
          </div>
        ) : (
          <ul class="session-list">
            {sessions.map((one) => (
              <SessionCard key={one.session.id} {...props} one={one} />
            ))}
          </ul>
        )}
      </div>
    </Shell>
  )
}

function SessionCard({
  one,
  council,
  listed,
  words,
  visitor,
}: PageContext & { one: ListedSession; council: Council; listed: ListedCouncil }): JSX.Element {
  const title = words.sessionTitle(words.kind[one.session.kind], longDate(one.session.convenedFor, visitor.language, council.timeZone))
  const href = visitor.href(`/c/${listed.slug}/${one.session.slug}`)
  const state = actaState({ stage: one.stage, signed: one.signed })
  return (
    <li class="card">
      <h2>
        <a href={href}>{title}</a>
      </h2>
      <div class="facts row wrap">
        <Chip tone={one.signed ? 'council' : 'plain'} icon="file">
          {words.acta[state]}
        </Chip>
        {one.recorded ? <Chip icon="play">{words.hasVideo}</Chip> : <Chip>{words.noRecordingChip}</Chip>}
        {one.session.imported ? (
          <Chip>{words.importedChip}</Chip>
        ) : one.verified ? (
          <Chip tone="good" icon="check">
            {words.verifiedChip}
          </Chip>
        ) : null}
        {one.published ? null : (
          <Chip tone="warn" icon="lock">
            {words.notPublished}
          </Chip>
        )}
      </div>
      <ol class="decisions">
        {one.decisions.map((decision) => (
          <li key={decision.number}>
            <b class="num">{decision.number}</b>
            <span>
              {decision.title}
              <br />
              <span class="muted">{decision.result}</span>
            </span>
          </li>
        ))}
      </ol>
    </li>
  )
}

/** The installation's door: its councils. */
export function councilsPage(props: PageContext & { councils: ListedCouncil[] }): JSX.Element {
  const { words, visitor, councils } = props
  return (
    <Shell {...props} title={words.councilsHeading} narrow>
      <div class="stack">
        <h1>{words.councilsHeading}</h1>
        <p class="lead">{councils.length === 0 ? words.councilsEmpty : words.councilsLead}</p>
        <ul class="files">
          {councils.map((council) => (
            <li key={council.slug}>
              <a href={visitor.href(`/c/${council.slug}`)}>{council.name}</a>
            </li>
          ))}
        </ul>
      </div>
    </Shell>
  )
}
