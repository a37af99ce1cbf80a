import type { JSX } from 'preact'
import { itemKind } from '../../../storage/model/session.ts'
import { seenOf } from '../../../storage/records/set-up.ts'
import { AreaField, CheckField, SelectField, SetUpForm } from '../fields.tsx'
import type { Values } from '../form-state.ts'
import { PrepareFrame } from '../prepare-frame.tsx'
import { orderOf } from '../session-acts.ts'
import { type PrepareView, type SessionSetUp, setUpHref } from '../session-view.ts'
import type { ProposedAgenda, ProposedItem } from './agenda-text.ts'

interface ImportPageProps {
  view: PrepareView
  setUp: SessionSetUp
  /** What was pasted, so that it is not lost when it could not be read. */
  values: Values
  proposed: ProposedAgenda | undefined
}

/** The text or the file of an agenda, then what was understood of it, to be confirmed item by item. */
export function ImportPage(props: ImportPageProps): JSX.Element {
  const { view, setUp, proposed } = props
  const { words } = view
  return (
    <PrepareFrame
      view={view}
      title={words.importTitle}
      back={{ href: setUpHref(view, setUp.session.slug), label: words.backToSession }}
      script="web/prepare/page/agenda-page.ts"
    >
      <p class="muted">{words.importLead}</p>
      {proposed && proposed.items.length > 0 ? <Proposals {...props} proposed={proposed} /> : null}
      {proposed && proposed.items.length === 0 ? <p role="alert">{words.importNone}</p> : null}
      {proposed && proposed.items.length > 0 ? (
        <p>
          <a href={setUpHref(view, setUp.session.slug, '/importar')}>{words.importAgain}</a>
        </p>
      ) : (
        <ReadForm {...props} />
      )}
    </PrepareFrame>
  )
}

function ReadForm({ view, setUp, values }: ImportPageProps): JSX.Element {
  const { words } = view
  return (
    <form class="card pad stack" method="post" encType="multipart/form-data" action={setUpHref(view, setUp.session.slug, '/importar')}>
      <input type="hidden" name="act" value="read" />
      <AreaField name="pasted" label={words.fields.pasted} hint={words.hints.pasted} values={values} rows={12} />
      <div class="stack tight">
        <label class="stack tight">
          <span>{words.fields.file}</span>
          <input
            class="field"
            type="file"
            name="file"
            accept=".pdf,.txt,.csv,application/pdf,text/plain,text/csv"
            aria-describedby="hint-file"
          />
        </label>
        <p class="small muted" id="hint-file">
          {words.hints.file}
        </p>
      </div>
      <p>
        <button class="btn main" type="submit">
          {words.importRead}
        </button>
      </p>
    </form>
  )
}

function Proposals({ view, setUp, proposed }: ImportPageProps & { proposed: ProposedAgenda }): JSX.Element {
  const { words } = view
  return (
    <section class="card pad stack">
      <h2>{words.importFound(proposed.items.length)}</h2>
      <SetUpForm
        act="confirm"
        seen={seenOf(orderOf(setUp.session))}
        action={setUpHref(view, setUp.session.slug, '/importar/confirmar')}
        returned={view.returned}
        words={words}
        of={{ count: String(proposed.items.length) }}
      >
        {proposed.items.map((item, index) => (
          <Proposal key={`${index}-${item.title}`} view={view} item={item} index={index} />
        ))}
        <p>
          <button class="btn main" type="submit">
            {words.importConfirm}
          </button>
        </p>
      </SetUpForm>
      {proposed.ignored.length > 0 ? (
        <details>
          <summary>{words.importIgnored(proposed.ignored.length)}</summary>
          <ul>
            {proposed.ignored.slice(0, 200).map((line, index) => (
              <li key={`${index}-${line}`} class="small muted">
                {line.slice(0, 300)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  )
}

function Proposal({ view, item, index }: { view: PrepareView; item: ProposedItem; index: number }): JSX.Element {
  const { words } = view
  const name = (field: string) => `${field}-${index}`
  const values: Values = {
    [name('take')]: 'yes',
    [name('titleGl')]: item.title,
    [name('titleEs')]: item.other ?? '',
    [name('kind')]: item.kind,
    [name('section')]: item.section,
  }
  return (
    <fieldset class="proposed" data-kind={item.kind}>
      <legend>{words.itemTitle(index + 1)}</legend>
      <CheckField name={name('take')} label={words.importTake} values={values} />
      <div class="two">
        <AreaField name={name('titleGl')} label={words.fields.titleGl} values={values} lang="gl" rows={3} />
        <AreaField name={name('titleEs')} label={words.fields.titleEs} values={values} lang="es" rows={3} />
        <SelectField
          name={name('kind')}
          label={words.fields.itemKind}
          values={values}
          options={itemKind.options.map((one) => [one, words.itemKinds[one]] as const)}
          hint={`${words.importWhy} ${words.reasons[item.reason]}.`}
        />
        <SelectField
          name={name('section')}
          label={words.fields.section}
          values={values}
          options={(['resolutive', 'control'] as const).map((one) => [one, words.sections[one]] as const)}
        />
      </div>
    </fieldset>
  )
}
