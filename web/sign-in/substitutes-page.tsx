import type { JSX } from 'preact'
import { wallTime } from '../../storage/model/council-clock.ts'
import type { Session } from '../../storage/model/session.ts'
import type { Account } from '../../storage/records/accounts.ts'
import type { Substitution } from '../../storage/records/substitutions.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip, Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { SelectField, TextField } from '../prepare/fields.tsx'
import type { Visitor } from '../visitor.ts'
import { clockTime, longDate } from '../words/dates.ts'
import { accessWords } from '../words/staff-words.ts'
import { type SubstituteRefusedError, substitutable } from './name-substitute.ts'
import { signInStyle } from './sign-in-page.tsx'

export interface SubstitutesPageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  timeZone: string
  substitutions: Substitution[]
  accounts: Account[]
  /** Those that are not over, the next first. */
  open: Session[]
  sessions: Session[]
  /** A link just made; shown once and kept nowhere. */
  invitation?: { name: string; address: string } | undefined
  returned?: { values: Record<string, string>; problem: SubstituteRefusedError['reason'] } | undefined
}

const hourMs = 3_600_000

/** Who stands in for the secretary, in which session and how long. */
export function SubstitutesPage(props: SubstitutesPageProps): JSX.Element {
  const { pages, visitor, council, substitutions, invitation, open } = props
  const words = accessWords[visitor.language]
  const here = visitor.href(`/c/${council.slug}/substitucions`)
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.substitutesTitle} · ${council.name}`}
      style={signInStyle}
      indexed={false}
    >
      <div class="stack">
        <h1>{words.substitutesTitle}</h1>
        <p class="muted">{words.substitutesIntro}</p>
        {invitation ? (
          <section class="card enrolment stack" role="status" aria-labelledby="convite">
            <h2 id="convite">{words.invitationTitle(invitation.name)}</h2>
            <p class="command">{invitation.address}</p>
            <p>{words.invitationHint}</p>
          </section>
        ) : null}
        {substitutions.length === 0 ? <p class="muted">{words.noSubstitutes}</p> : null}
        <ul class="sessions">
          {substitutions.map((one) => (
            <SubstitutionRow key={one.id} {...props} substitution={one} here={here} />
          ))}
        </ul>
        {open.length > 0 ? <NameForm {...props} here={here} /> : null}
        <p>
          <a href={visitor.href(`/c/${council.slug}/mesa`)}>{words.back}</a>
        </p>
      </div>
    </Shell>
  )
}

function NameForm({ visitor, open, accounts, timeZone, returned, here }: SubstitutesPageProps & { here: string }): JSX.Element {
  const words = accessWords[visitor.language]
  const at = open[0]?.convenedFor ?? Date.now()
  const values = returned?.values ?? {
    ...{ from: localTime(at - 2 * hourMs, timeZone), to: localTime(at + 12 * hourMs, timeZone) },
    capacity: words.capacityExample,
  }
  const known = accounts.filter((one) => substitutable.includes(one.role))
  const field = (name: string, label: string) => ({ name, label, values })
  const date = (one: Session) => `${longDate(one.convenedFor, visitor.language, timeZone)}, ${clockTime(one.convenedFor, timeZone)}`
  return (
    <form class="card pad stack enrol" method="post" action={here}>
      <h2>{words.name}</h2>
      {returned ? (
        <div role="alert">
          <Strip tone="bad" icon="alert">
            {words.problems[returned.problem]}
          </Strip>
        </div>
      ) : null}
      <SelectField {...field('session', words.sessionOf)} options={open.map((one) => [one.slug, date(one)] as const)} />
      <SelectField {...field('account', words.person)} empty={words.newPerson} options={known.map((one) => [one.id, one.name] as const)} />
      <fieldset class="stack new-person">
        <legend>{words.newPerson}</legend>
        <SelectField {...field('treatment', words.personTreatment)} options={[['Sra.', 'Sra.'] as const, ['Sr.', 'Sr.'] as const]} />
        <TextField {...field('name', words.personName)} />
        <TextField {...field('surname', words.personSurname)} />
        <TextField {...field('login', words.personLogin)} hint={words.personLoginHint} max={60} />
      </fieldset>
      <TextField {...field('capacity', words.capacity)} required />
      <TextField {...field('ground', words.ground)} hint={words.groundHint} max={500} required />
      <Moment {...field('from', words.from)} />
      <Moment {...field('to', words.to)} />
      <button class="btn main" type="submit" name="act" value="name">
        {words.name}
      </button>
    </form>
  )
}

function Moment({ name, label, values }: { name: string; label: string; values: Record<string, string> }): JSX.Element {
  return (
    <label class="stack tight">
      <span>{label}</span>
      <input class="field" type="datetime-local" name={name} value={values[name] ?? ''} required />
    </label>
  )
}

function SubstitutionRow(props: SubstitutesPageProps & { substitution: Substitution; here: string }): JSX.Element {
  const { visitor, substitution, accounts, sessions, timeZone, here } = props
  const words = accessWords[visitor.language]
  const state = stateOf(substitution, Date.now())
  const name = accounts.find((one) => one.id === substitution.account)?.name ?? ''
  const session = sessions.find((one) => one.id === substitution.session)
  const when = (ms: number) => `${longDate(ms, visitor.language, timeZone)}, ${clockTime(ms, timeZone)}`
  return (
    <li class="card">
      <div class="grow">
        <p class="deed">
          {name} · {substitution.capacity}
        </p>
        <p class="small">
          {words.sessionOf}: {session ? longDate(session.convenedFor, visitor.language, timeZone) : ''} · {substitution.ground}
        </p>
        <p class="small muted num">{words.span(when(substitution.fromMs), when(substitution.toMs))}</p>
      </div>
      <Chip tone={state === 'now' ? 'good' : state === 'coming' ? 'warn' : 'plain'}>{words.states[state]}</Chip>
      {state === 'now' || state === 'coming' ? (
        <form method="post" action={here}>
          <input type="hidden" name="substitution" value={substitution.id} />
          <button class="btn" type="submit" name="act" value="revoke">
            {words.revoke}
            <span class="hidden-text"> · {name}</span>
          </button>
        </form>
      ) : null}
    </li>
  )
}

function stateOf({ fromMs, toMs, revokedAtMs }: Substitution, nowMs: number): 'coming' | 'now' | 'over' | 'revoked' {
  if (revokedAtMs !== undefined) return 'revoked'
  if (nowMs >= toMs) return 'over'
  return nowMs < fromMs ? 'coming' : 'now'
}

function localTime(ms: number, timeZone: string): string {
  const { day, time } = wallTime(ms, timeZone)
  return `${day}T${time}`
}
