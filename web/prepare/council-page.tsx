import type { JSX } from 'preact'
import { seenOf } from '../../storage/records/set-up.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import { clockTime } from '../words/dates.ts'
import { CalendarSection } from './calendar-section.tsx'
import { identityOf } from './council-acts.ts'
import { type CouncilView, councilSections, sectionHref } from './council-view.ts'
import { EmissionSection } from './emission-section.tsx'
import { CheckField, Problems, SetUpForm, shownValues, TextField } from './fields.tsx'
import type { Values } from './form-state.ts'
import { GroupsSection } from './groups-section.tsx'
import { MattersSection } from './matters-section.tsx'
import { MediaSection } from './media-section.tsx'
import { MemberSection, MembersSection } from './members-section.tsx'
import { SeatsSection } from './seats-section.tsx'

export const prepareStyle = 'web/prepare/page/prepare.css'

/** The council's set-up, one part at a time; the others a tap away. */
export function CouncilPage({ view }: { view: CouncilView }): JSX.Element {
  const { words, visitor, listed } = view
  return (
    <Shell
      pages={view.pages}
      visitor={visitor}
      council={listed}
      title={`${words.sections[view.section]} · ${words.title} · ${listed.name}`}
      style={prepareStyle}
      indexed={false}
    >
      <div class="stack">
        <p>
          <a href={visitor.href(`/c/${listed.slug}/mesa`)}>‹ {words.backToTable}</a>
        </p>
        <h1>{words.title}</h1>
        <p class="muted">{words.lead}</p>
        <nav class="tabs" aria-label={words.sectionsLabel}>
          <ul>
            {councilSections.map((section) => (
              <li key={section}>
                <a href={sectionHref(view, section)} aria-current={section === view.section ? 'page' : undefined}>
                  {words.sections[section]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <DoneStrip view={view} />
        <Problems returned={view.returned} />
        <Section view={view} />
        <UndoForm view={view} />
      </div>
    </Shell>
  )
}

function DoneStrip({ view }: { view: CouncilView }): JSX.Element | null {
  if (!view.done) return null
  const good = view.done !== 'none'
  return (
    <div role="status">
      <Strip tone={good ? 'good' : 'warn'} icon={good ? 'check' : 'alert'}>
        {view.words[view.done]}
      </Strip>
    </div>
  )
}

function UndoForm({ view }: { view: CouncilView }): JSX.Element | null {
  if (view.undoAtMs === undefined) return null
  return (
    <form class="row wrap undo" method="post" action={sectionHref(view, view.section)}>
      <input type="hidden" name="act" value="undo" />
      <input type="hidden" name="seen" value={seenOf(view.council)} />
      <button class="btn" type="submit">
        {view.words.undo}
      </button>
      <span class="small muted">{view.words.undoHelp(clockTime(view.undoAtMs, view.council.timeZone))}</span>
    </form>
  )
}

function Section({ view }: { view: CouncilView }): JSX.Element {
  switch (view.section) {
    case 'datos':
      return <IdentitySection view={view} />
    case 'membros':
      return view.member === undefined ? <MembersSection view={view} /> : <MemberSection view={view} id={view.member} />
    case 'grupos':
      return <GroupsSection view={view} />
    case 'asentos':
      return <SeatsSection view={view} />
    case 'calendario':
      return <CalendarSection view={view} />
    case 'materias':
      return <MattersSection view={view} />
    case 'medios':
      return <MediaSection view={view} />
    case 'emision':
      return <EmissionSection view={view} />
  }
}

function IdentitySection({ view }: { view: CouncilView }): JSX.Element {
  const { words, council, returned } = view
  const stored: Values = {
    name: council.name,
    municipality: council.municipality,
    room: council.room,
    legalNumber: String(council.legalNumber),
    languages: council.languages.join(','),
    bilingualActa: council.bilingualActa ? 'yes' : '',
    enablingNorm: council.enablingNorm ?? '',
  }
  const values = shownValues(returned, 'identity', stored)
  const { fields, hints } = words
  return (
    <section class="card pad stack">
      <h2>{words.sections.datos}</h2>
      <SetUpForm
        act="identity"
        seen={seenOf(identityOf(council))}
        action={sectionHref(view, 'datos')}
        returned={returned}
        words={words}
        now={stored}
        labels={fields}
      >
        <div class="two">
          <TextField name="name" label={fields.name} values={values} required />
          <TextField name="municipality" label={fields.municipality} values={values} required />
          <TextField name="room" label={fields.room} values={values} hint={hints.room} lang="gl" required />
          <TextField name="legalNumber" type="number" label={fields.legalNumber} values={values} hint={hints.legalNumber} required />
        </div>
        <fieldset class="row wrap">
          <legend>{fields.languages}</legend>
          {(['gl', 'es'] as const).map((one) => (
            <CheckField key={one} name="languages" value={one} label={words.languageNames[one]} values={values} />
          ))}
        </fieldset>
        <CheckField name="bilingualActa" label={fields.bilingualActa} values={values} hint={hints.bilingualActa} />
        <TextField name="enablingNorm" label={fields.enablingNorm} values={values} hint={hints.enablingNorm} max={500} />
        <Strip tone={council.enablingNorm ? 'good' : 'warn'} icon={council.enablingNorm ? 'check' : 'alert'}>
          {council.enablingNorm ? words.withNorm : words.withoutNorm}
        </Strip>
        <p>
          <button class="btn main" type="submit">
            {words.save}
          </button>
        </p>
      </SetUpForm>
    </section>
  )
}
