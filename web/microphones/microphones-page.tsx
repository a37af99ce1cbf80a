import type { JSX } from 'preact'
import type { Session } from '../../storage/model/session.ts'
import type { ConferenceSystem } from '../../storage/records/microphones.ts'
import type { EnrolledRecorder } from '../../storage/records/recorders.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { signInStyle } from '../sign-in/sign-in-page.tsx'
import type { Visitor } from '../visitor.ts'
import { clockTime, longDate } from '../words/dates.ts'
import { microphonesWords, signInWords } from '../words/staff-words.ts'

export interface MicrophonesPageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  timeZone: string
  systems: ConferenceSystem[]
  recorders: EnrolledRecorder[]
  /** What each system and recorder has told so far, by id. */
  counts: ReadonlyMap<string, { events: number; lastMs: number }>
  sessions: Session[]
  /** Just made; shown once and kept nowhere. */
  made?: { name: string; token: string; server: string }
  nameMissing?: true
}

/** Which conference systems may tell of their microphones, how one more is let in, and where a file is brought. */
export function MicrophonesPage(props: MicrophonesPageProps): JSX.Element {
  const { pages, visitor, council, systems, made } = props
  const words = microphonesWords[visitor.language]
  const here = visitor.href(`/c/${council.slug}/microfonos`)
  const telling = props.recorders.filter((one) => props.counts.has(one.id))
  return (
    <Shell pages={pages} visitor={visitor} council={council} title={`${words.title} · ${council.name}`} style={signInStyle} indexed={false}>
      <div class="stack">
        <p>
          <a href={visitor.href(`/c/${council.slug}/mesa`)}>‹ {words.back}</a>
        </p>
        <h1>{words.title}</h1>
        <p class="muted">{words.intro}</p>
        {made ? <NewToken {...props} made={made} /> : null}
        <h2>{words.systems}</h2>
        {systems.length + telling.length === 0 ? <p class="muted">{words.none}</p> : null}
        <ul class="sessions">
          {systems.map((one) => (
            <SystemRow key={one.id} {...props} system={one} here={here} />
          ))}
          {telling.map((one) => (
            <li class="card" key={one.id}>
              <div class="grow">
                <p class="deed">{one.name}</p>
                <p class="small muted">{heard(props, one.id)}</p>
              </div>
              <Chip>{words.recorder}</Chip>
            </li>
          ))}
        </ul>
        <p class="small muted">{words.revokeHint}</p>
        <AddSystem {...props} here={here} />
        <h2>{words.sessions}</h2>
        <p class="muted">{words.sessionsHint}</p>
        <SessionList {...props} here={here} />
      </div>
    </Shell>
  )
}

function NewToken({ visitor, council, made }: MicrophonesPageProps & { made: NonNullable<MicrophonesPageProps['made']> }): JSX.Element {
  const words = microphonesWords[visitor.language]
  const line = '{"seat":1,"event":"on"}'
  return (
    <section class="card stack enrolment" aria-labelledby="clave" role="status">
      <h2 id="clave">{words.tokenTitle(made.name)}</h2>
      <pre class="command">
        <code>{made.token}</code>
      </pre>
      <p>{words.tokenHint}</p>
      <p class="small muted">{words.example}</p>
      <pre class="command">
        <code>
          curl -H 'Authorization: Bearer {made.token}' --data-binary '{line}' {made.server}
          {visitor.href(`/c/${council.slug}/microfonos/eventos`)}
        </code>
      </pre>
    </section>
  )
}

function SystemRow(props: MicrophonesPageProps & { system: ConferenceSystem; here: string }): JSX.Element {
  const { visitor, system, timeZone, here } = props
  const words = microphonesWords[visitor.language]
  return (
    <li class="card">
      <div class="grow">
        <p class="deed">{system.name}</p>
        <p class="small muted">
          {words.made(longDate(system.madeAtMs, visitor.language, timeZone))} · {heard(props, system.id)}
        </p>
      </div>
      {system.revokedAtMs === undefined ? (
        <form method="post" action={here}>
          <input type="hidden" name="system" value={system.id} />
          <button class="btn" type="submit" name="act" value="revoke">
            {words.revoke}
            <span class="hidden-text"> · {system.name}</span>
          </button>
        </form>
      ) : (
        <Chip>{words.revoked}</Chip>
      )}
    </li>
  )
}

function AddSystem({ visitor, made, nameMissing, here }: MicrophonesPageProps & { here: string }): JSX.Element {
  const words = microphonesWords[visitor.language]
  return (
    <form class="card pad stack" method="post" action={here}>
      <label class="stack tight">
        <span>{words.name}</span>
        <input
          class="field"
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          aria-describedby={nameMissing ? 'name-missing' : 'name-hint'}
          {...(nameMissing ? { 'aria-invalid': 'true' } : {})}
        />
      </label>
      {nameMissing ? (
        <p id="name-missing" role="alert">
          {words.nameMissing}
        </p>
      ) : (
        <p class="small muted" id="name-hint">
          {words.nameHint}
        </p>
      )}
      <div>
        <button class={made ? 'btn' : 'btn main'} type="submit" name="act" value="add">
          {words.add}
        </button>
      </div>
    </form>
  )
}

function SessionList({ visitor, sessions, timeZone, here }: MicrophonesPageProps & { here: string }): JSX.Element {
  const words = microphonesWords[visitor.language]
  const { kinds } = signInWords[visitor.language]
  if (sessions.length === 0) return <p class="muted">{words.noSessions}</p>
  return (
    <ul class="sessions">
      {sessions.map((one) => (
        <li class="card" key={one.id}>
          <a href={`${here}/${one.slug}`}>
            {kinds[one.kind]} · {longDate(one.convenedFor, visitor.language, timeZone)}
          </a>
        </li>
      ))}
    </ul>
  )
}

function heard({ counts, visitor, timeZone }: MicrophonesPageProps, id: string): string {
  const words = microphonesWords[visitor.language]
  const told = counts.get(id)
  if (told === undefined) return words.neverHeard
  return words.heard(told.events, `${longDate(told.lastMs, visitor.language, timeZone)}, ${clockTime(told.lastMs, timeZone)}`)
}
