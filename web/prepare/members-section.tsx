import type { JSX } from 'preact'
import { type Council, type Member, office } from '../../storage/model/council.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { Chip } from '../design/chip.tsx'
import { personOf, rolesOf } from './council-acts.ts'
import { type CouncilView, dayWords, sectionHref } from './council-view.ts'
import { CheckField, SelectField, SetUpForm, shownValues, TextField } from './fields.tsx'
import type { Values } from './form-state.ts'

/** Everybody, by surname, with the office each holds today. */
export function MembersSection({ view }: { view: CouncilView }): JSX.Element {
  const { council, words } = view
  const people = [...council.members].sort((one, other) => one.surname.localeCompare(other.surname, 'gl'))
  const legal = people.filter((one) => one.legal).length
  return (
    <section class="card pad stack">
      <div class="row wrap">
        <h2 class="grow">{words.sections.membros}</h2>
        <a class="btn main" href={sectionHref(view, 'membros', 'novo')}>
          {words.addMember}
        </a>
      </div>
      {people.length === 0 ? <p>{words.membersEmpty}</p> : <p class="muted">{words.membersCount(legal, council.legalNumber)}</p>}
      <ul class="lines">
        {people.map((one) => (
          <li key={one.id} class="row wrap">
            <span class="grow">
              <strong>
                {one.surname}, {one.name}
              </strong>{' '}
              <span class="muted">{groupName(council, one.group) ?? (one.legal ? '' : words.notMember)}</span>
            </span>
            {heldOn(one, view.today).map((role) => (
              <Chip key={`${role.office}${role.from}`} tone="council">
                {role.capacity ?? words.offices[role.office]}
              </Chip>
            ))}
            <a class="btn" href={sectionHref(view, 'membros', one.id)}>
              {words.openMember}
              <span class="hidden-text">
                {' '}
                · {one.name} {one.surname}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** One person: who they are, and their offices with dates. */
export function MemberSection({ view, id }: { view: CouncilView; id: string }): JSX.Element {
  const { council, words, returned } = view
  const found = council.members.find((one) => one.id === id)
  const stored = toValues(found)
  const values = shownValues(returned, 'member', stored)
  const { fields } = words
  return (
    <>
      <section class="card pad stack">
        <h2>{found ? `${found.name} ${found.surname}` : words.newMember}</h2>
        <SetUpForm
          act="member"
          seen={seenOf(found ? personOf(council, found.id) : undefined)}
          action={sectionHref(view, 'membros', id)}
          returned={returned}
          words={words}
          now={stored}
          labels={fields}
          of={{ member: found?.id ?? '' }}
        >
          <div class="two">
            <TextField name="name" label={fields.name} values={values} required />
            <TextField name="surname" label={fields.surname} values={values} required />
            <SelectField
              name="treatment"
              label={fields.treatment}
              values={values}
              options={[
                ['Sra.', 'Sra.'],
                ['Sr.', 'Sr.'],
              ]}
            />
            <SelectField
              name="group"
              label={fields.group}
              values={values}
              empty={words.nobody}
              options={council.groups.map((one) => [one.id, one.name] as const)}
            />
          </div>
          <CheckField name="legal" label={fields.legal} values={values} hint={words.hints.legal} />
          <p>
            <button class="btn main" type="submit">
              {words.save}
            </button>
          </p>
        </SetUpForm>
      </section>
      {found ? <Roles view={view} member={found} /> : null}
    </>
  )
}

function Roles({ view, member }: { view: CouncilView; member: Member }): JSX.Element {
  const { words, council, returned, visitor } = view
  const seen = seenOf(rolesOf(council))
  const action = sectionHref(view, 'membros', member.id)
  const of = { member: member.id }
  const values = shownValues(returned, 'begin-role', { from: view.today }, of)
  const { fields, hints } = words
  return (
    <section class="card pad stack">
      <h2>{words.roles}</h2>
      {member.roles.length === 0 ? <p class="muted">{words.noRoles}</p> : null}
      <ul class="lines">
        {member.roles.map((role, index) => (
          <li key={`${role.office}${role.from}`} class="row wrap">
            <span class="grow">
              <strong>{role.capacity ?? words.offices[role.office]}</strong>{' '}
              <span class="muted">
                {role.until
                  ? words.fromTo(dayWords(role.from, visitor), dayWords(role.until, visitor))
                  : words.sinceDay(dayWords(role.from, visitor))}
              </span>
            </span>
            {role.until ? null : (
              <SetUpForm
                class="row wrap end"
                act="end-role"
                seen={seen}
                action={action}
                returned={returned}
                words={words}
                of={{ ...of, index: String(index) }}
              >
                <TextField
                  name="until"
                  type="date"
                  label={words.endRoleDay}
                  values={shownValues(returned, 'end-role', { until: view.today }, { ...of, index: String(index) })}
                  required
                />
                <button class="btn" type="submit">
                  {words.endRole}
                  <span class="hidden-text"> · {words.offices[role.office]}</span>
                </button>
              </SetUpForm>
            )}
          </li>
        ))}
      </ul>
      <h3>{words.beginRole}</h3>
      <SetUpForm act="begin-role" seen={seen} action={action} returned={returned} words={words} of={of}>
        <div class="two">
          <SelectField
            name="office"
            label={fields.office}
            values={values}
            options={office.options.map((one) => [one, words.offices[one]] as const)}
          />
          <TextField name="capacity" label={fields.capacity} values={values} hint={hints.capacity} />
          <TextField name="from" type="date" label={fields.from} values={values} hint={hints.from} required />
          <TextField name="until" type="date" label={fields.until} values={values} hint={hints.until} />
        </div>
        <p>
          <button class="btn main" type="submit">
            {words.beginRoleButton}
          </button>
        </p>
      </SetUpForm>
    </section>
  )
}

function toValues(of: Member | undefined): Values {
  if (!of) return { treatment: 'Sra.', legal: 'yes' }
  return { name: of.name, surname: of.surname, treatment: of.treatment, group: of.group ?? '', legal: of.legal ? 'yes' : '' }
}

function heldOn(of: Member, day: string): Member['roles'] {
  return of.roles.filter((role) => role.from <= day && (role.until === undefined || day <= role.until))
}

function groupName(of: Council, id: string | undefined): string | undefined {
  return of.groups.find((one) => one.id === id)?.name
}
