import type { JSX } from 'preact'
import { mattersOf } from '../../storage/model/matters.ts'
import { type AgendaItem, itemKind } from '../../storage/model/session.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { Strip } from '../design/chip.tsx'
import { longDate, yearOf } from '../words/dates.ts'
import { AgendaSection, type Moved } from './agenda-section.tsx'
import { ChecksSection } from './checks-section.tsx'
import { FactsForm } from './facts-form.tsx'
import { AreaField, SelectField, SetUpForm, shownValues, TextField } from './fields.tsx'
import type { Values } from './form-state.ts'
import { PrepareFrame, UndoForm } from './prepare-frame.tsx'
import { factsOf, factsValues, itemOf, itemValues } from './session-acts.ts'
import { type PrepareView, type SessionSetUp, setUpHref, waitingActas } from './session-view.ts'

/** A new session: the day and the hour, nothing else. */
export function NewSessionPage({
  view,
  council,
  values,
}: {
  view: PrepareView
  council: SessionSetUp['council']
  values: Values
}): JSX.Element {
  const { words, visitor, listed } = view
  const shown = shownValues(view.returned, 'create', values)
  return (
    <PrepareFrame view={view} title={words.newTitle} back={{ href: visitor.href(`/c/${listed.slug}/mesa`), label: words.backToTable }}>
      <p class="muted">{words.newLead}</p>
      <section class="card pad">
        <FactsForm
          view={view}
          council={council}
          act="create"
          seen={seenOf(null)}
          action={visitor.href(`/c/${listed.slug}/preparar`)}
          values={shown}
        />
      </section>
    </PrepareFrame>
  )
}

/** A session in preparation: what the law says, the agenda, the facts. */
export function SessionPage(props: {
  view: PrepareView
  setUp: SessionSetUp
  moved: Moved | undefined
  undoAtMs: number | undefined
  done: string | undefined
}): JSX.Element {
  const { view, setUp } = props
  const { words, visitor, listed } = view
  const { session, council, open } = setUp
  const stored = factsValues(session, council)
  const day = longDate(session.convenedFor, visitor.language, council.timeZone)
  return (
    <PrepareFrame
      view={view}
      title={`${words.kinds[session.kind]} · ${day}`}
      back={{ href: visitor.href(`/c/${listed.slug}/mesa`), label: words.backToTable }}
      done={props.done}
      script="web/prepare/page/agenda-page.ts"
    >
      <div class="row wrap">
        <span class="grow muted">{words.actaLine(session.actaNumber, yearOf(session.convenedFor, council.timeZone))}</span>
        <a class="btn" href={setUpHref(view, session.slug, '/expediente')}>
          {words.fileLink}
        </a>
        <a class="btn main" href={setUpHref(view, session.slug, '/convocatoria')}>
          {words.convocationLink}
        </a>
      </div>
      {open ? null : (
        <Strip tone="warn" icon="lock">
          {words.frozen}
        </Strip>
      )}
      <AgendaSection view={view} setUp={setUp} moved={props.moved} />
      <ChecksSection view={view} setUp={setUp} />
      {open ? (
        <section class="card pad stack">
          <h2>{words.facts}</h2>
          <FactsForm
            view={view}
            council={council}
            act="facts"
            seen={seenOf(factsOf(session))}
            action={setUpHref(view, session.slug)}
            values={shownValues(view.returned, 'facts', stored)}
            now={stored}
          />
        </section>
      ) : null}
      {open ? (
        <UndoForm
          action={setUpHref(view, session.slug)}
          seen={seenOf(session)}
          atMs={props.undoAtMs}
          timeZone={council.timeZone}
          words={words}
        />
      ) : null}
    </PrepareFrame>
  )
}

/** One item: its kind, its part, its titles and what is put to the vote. */
export function ItemPage({ view, setUp, item }: { view: PrepareView; setUp: SessionSetUp; item: AgendaItem | undefined }): JSX.Element {
  const { words } = view
  const { fields, hints } = words
  const { session } = setUp
  const stored = itemValues(item)
  const of = { item: item?.id ?? '' }
  const values = shownValues(view.returned, 'item', stored, of)
  const action = setUpHref(view, session.slug, `/punto/${item?.id ?? 'novo'}`)
  const seen = seenOf(item ? itemOf(session, item.id) : undefined)
  return (
    <PrepareFrame
      view={view}
      title={item ? words.itemTitle(item.number) : words.newItem}
      back={{ href: setUpHref(view, session.slug), label: words.backToSession }}
    >
      <section class="card pad stack">
        <SetUpForm act="item" seen={seen} action={action} returned={view.returned} words={words} now={stored} labels={fields} of={of}>
          <div class="two">
            <SelectField
              name="itemKind"
              label={fields.itemKind}
              values={values}
              options={itemKind.options.map((one) => [one, words.itemKinds[one]] as const)}
            />
            <SelectField
              name="section"
              label={fields.section}
              values={values}
              empty="—"
              options={(['resolutive', 'control'] as const).map((one) => [one, words.sections[one]] as const)}
            />
            <TextField name="titleGl" label={fields.titleGl} values={values} hint={hints.titleGl} lang="gl" max={2000} />
            <TextField name="titleEs" label={fields.titleEs} values={values} hint={hints.titleEs} lang="es" max={2000} />
            <AreaField name="proposalGl" label={fields.proposalGl} values={values} hint={hints.proposal} lang="gl" />
            <AreaField name="proposalEs" label={fields.proposalEs} values={values} lang="es" />
            <SelectField
              name="majority"
              label={fields.majority}
              values={values}
              options={(['simple', 'absolute', 'two-thirds'] as const).map((one) => [one, words.majorities[one]] as const)}
            />
            <SelectField
              name="matter"
              label={fields.matter}
              values={values}
              hint={hints.matter}
              empty={words.noMatter}
              options={mattersOf(setUp.council).map((one) => [one.key, one.name[view.visitor.language]] as const)}
            />
            <ApprovesField view={view} setUp={setUp} values={values} />
          </div>
          <p>
            <button class="btn main" type="submit">
              {item ? words.save : words.add}
            </button>
          </p>
        </SetUpForm>
        {item ? (
          <SetUpForm act="remove-item" seen={seen} action={action} returned={view.returned} words={words} of={of}>
            <button class="btn" type="submit">
              {words.remove}
            </button>
          </SetUpForm>
        ) : null}
      </section>
    </PrepareFrame>
  )
}

/** Which acta the item approves (R33): those that wait, and the one it names already. */
function ApprovesField({ view, setUp, values }: { view: PrepareView; setUp: SessionSetUp; values: Values }): JSX.Element {
  const { words, visitor } = view
  const waiting = waitingActas(setUp.others, setUp.session)
  const named = setUp.others.filter((one) => one.session.id === values['approves'] && !waiting.includes(one))
  return (
    <SelectField
      name="approves"
      label={words.fields.approves}
      values={values}
      empty={words.noActa}
      options={[...waiting, ...named].map(
        ({ session: of }) =>
          [of.id, `${words.kinds[of.kind]} · ${longDate(of.convenedFor, visitor.language, setUp.council.timeZone)}`] as const,
      )}
    />
  )
}
