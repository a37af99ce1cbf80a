import type { ComponentChildren, JSX } from 'preact'
import { Strip } from '../design/chip.tsx'
import type { Returned, Values } from './form-state.ts'

interface FieldProps {
  name: string
  label: string
  values: Values
  hint?: string | undefined
  required?: boolean
}

/** One line of a form: its label above, its hint below, bound together for who hears the page. */
export function TextField(
  props: FieldProps & { type?: 'text' | 'date' | 'time' | 'email' | 'number'; max?: number; lang?: string },
): JSX.Element {
  const { name, label, values, hint, required = false, type = 'text', max = 200, lang } = props
  return (
    <div class="stack tight">
      <label class="stack tight">
        <span>{label}</span>
        <input
          class="field"
          type={type as 'text'}
          name={name}
          value={values[name] ?? ''}
          required={required}
          {...(type === 'number' ? { min: 1, max: 999, inputMode: 'numeric' as const } : {})}
          {...(type === 'text' || type === 'email' ? { maxLength: max } : {})}
          {...(lang ? { lang } : {})}
          aria-describedby={hintId(name, hint)}
        />
      </label>
      <Hint name={name} hint={hint} />
    </div>
  )
}

export function AreaField(props: FieldProps & { rows?: number; lang?: string }): JSX.Element {
  const { name, label, values, hint, required = false, rows = 4, lang } = props
  return (
    <div class="stack tight">
      <label class="stack tight">
        <span>{label}</span>
        <textarea
          class="field"
          name={name}
          rows={rows}
          maxLength={200_000}
          required={required}
          {...(lang ? { lang } : {})}
          aria-describedby={hintId(name, hint)}
          value={values[name] ?? ''}
        />
      </label>
      <Hint name={name} hint={hint} />
    </div>
  )
}

export function SelectField(
  props: FieldProps & { options: readonly (readonly [value: string, label: string])[]; empty?: string },
): JSX.Element {
  const { name, label, values, hint, required = false, options, empty } = props
  const chosen = values[name] ?? ''
  return (
    <div class="stack tight">
      <label class="stack tight">
        <span>{label}</span>
        <select class="field" name={name} required={required} aria-describedby={hintId(name, hint)}>
          {empty === undefined ? null : (
            <option value="" selected={chosen === ''}>
              {empty}
            </option>
          )}
          {options.map(([value, text]) => (
            <option key={value} value={value} selected={value === chosen}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <Hint name={name} hint={hint} />
    </div>
  )
}

export function CheckField({ name, label, values, hint, value = 'yes' }: FieldProps & { value?: string }): JSX.Element {
  const checked = (values[name] ?? '').split(',').includes(value)
  const id = `hint-${name}-${value}`
  return (
    <div class="check">
      <label class="row">
        <input type="checkbox" name={name} value={value} checked={checked} aria-describedby={hint ? id : undefined} />
        <span>{label}</span>
      </label>
      {hint ? (
        <p class="small muted" id={id}>
          {hint}
        </p>
      ) : null}
    </div>
  )
}

function Hint({ name, hint }: Pick<FieldProps, 'name' | 'hint'>): JSX.Element | null {
  if (!hint) return null
  return (
    <p class="small muted" id={hintId(name, hint)}>
      {hint}
    </p>
  )
}

const hintId = (name: string, hint: string | undefined) => (hint ? `hint-${name}` : undefined)

interface FormProps {
  /** What the form does; with `of` it names the thing it does it to, when the page has several. */
  act: string
  seen: string
  action: string
  returned: Returned | undefined
  words: { theirs: string }
  /** What stands there now, shown when the person wrote over somebody else's change. */
  now?: Values
  labels?: Record<string, string>
  of?: Record<string, string>
  children: ComponentChildren
  class?: string
}

/** What stood against a form that came back, at the head of the page, where the person now is. */
export function Problems({ returned }: { returned: Returned | undefined }): JSX.Element | null {
  if (!returned || returned.problems.length === 0) return null
  return (
    <div role="alert" class="stack tight">
      {returned.problems.map((sentence) => (
        <Strip key={sentence} tone="bad" icon="alert">
          {sentence}
        </Strip>
      ))}
    </div>
  )
}

/** A form of the set-up: carries what was read, and when it came back over another's change says what stands there now. */
export function SetUpForm(props: FormProps): JSX.Element {
  const back = isBack(props.returned, props.act, props.of) ? props.returned : undefined
  const changed = back?.conflict ? Object.entries(props.now ?? {}).filter(([name, value]) => (back.values[name] ?? '') !== value) : []
  return (
    <form class={props.class ?? 'stack'} method="post" action={props.action}>
      <input type="hidden" name="act" value={props.act} />
      <input type="hidden" name="seen" value={props.seen} />
      {Object.entries(props.of ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {changed.map(([name, value]) => (
        <p key={name} class="theirs">
          {props.labels?.[name] ?? name} · {props.words.theirs} <q>{value}</q>
        </p>
      ))}
      {props.children}
    </form>
  )
}

/** Whether the form that came back is this one. */
export function isBack(returned: Returned | undefined, act: string, of: Record<string, string> = {}): boolean {
  return returned?.act === act && Object.entries(of).every(([name, value]) => returned.values[name] === value)
}

/** What a form shows: what the person wrote when it came back, else what stands there. */
export function shownValues(returned: Returned | undefined, act: string, stored: Values, of: Record<string, string> = {}): Values {
  return isBack(returned, act, of) ? (returned?.values ?? stored) : stored
}
