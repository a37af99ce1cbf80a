import type { JSX } from 'preact'
import { seenOf } from '../../storage/records/set-up.ts'
import { type CouncilView, sectionHref } from './council-view.ts'
import { SetUpForm, shownValues, TextField } from './fields.tsx'

/** The political groups; a group somebody is in is not taken away. */
export function GroupsSection({ view }: { view: CouncilView }): JSX.Element {
  const { council, words } = view
  return (
    <section class="card pad stack">
      <h2>{words.sections.grupos}</h2>
      {council.groups.length === 0 ? <p>{words.groupsEmpty}</p> : null}
      {council.groups.map((one) => (
        <GroupForm key={one.id} view={view} id={one.id} />
      ))}
      <h3>{words.newGroup}</h3>
      <GroupForm view={view} id="" />
    </section>
  )
}

function GroupForm({ view, id }: { view: CouncilView; id: string }): JSX.Element {
  const { council, words, returned } = view
  const found = council.groups.find((one) => one.id === id)
  const stored = { name: found?.name ?? '', short: found?.short ?? '' }
  const of = { group: id }
  const values = shownValues(returned, 'group', stored, of)
  const action = sectionHref(view, 'grupos')
  const people = council.members.filter((one) => one.group === id).length
  return (
    <div class="row wrap end entry">
      <SetUpForm
        class="row wrap end grow"
        act="group"
        seen={seenOf(found)}
        action={action}
        returned={returned}
        words={words}
        now={stored}
        labels={words.fields}
        of={of}
      >
        <div class="grow">
          <TextField name="name" label={words.fields.name} values={values} required />
        </div>
        <TextField name="short" label={words.fields.short} values={values} max={20} required />
        <button class={found ? 'btn' : 'btn main'} type="submit">
          {found ? words.save : words.add}
          {found ? <span class="hidden-text"> · {found.name}</span> : null}
        </button>
      </SetUpForm>
      {found && people === 0 ? (
        <SetUpForm act="remove-group" seen={seenOf(found)} action={action} returned={returned} words={words} of={of}>
          <button class="btn" type="submit">
            {words.remove}
            <span class="hidden-text"> · {found.name}</span>
          </button>
        </SetUpForm>
      ) : null}
      {found && people > 0 ? <span class="small muted count">{words.groupMembers(people)}</span> : null}
    </div>
  )
}
