import type { ComponentChildren, JSX } from 'preact'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import { clockTime } from '../words/dates.ts'
import { Problems } from './fields.tsx'
import type { PrepareView } from './session-view.ts'

const style = 'web/prepare/page/prepare.css'

interface FrameProps {
  view: PrepareView
  title: string
  /** Where «back» goes and what it says. */
  back: { href: string; label: string }
  /** What was just done, to be said once. */
  done?: string | undefined
  script?: string
  children: ComponentChildren
}

/** A page of the preparation: the way back, its title, what was done and what stood against it. */
export function PrepareFrame({ view, title, back, done, script, children }: FrameProps): JSX.Element {
  return (
    <Shell
      pages={view.pages}
      visitor={view.visitor}
      council={view.listed}
      title={`${title} · ${view.listed.name}`}
      style={style}
      {...(script ? { script } : {})}
      indexed={false}
    >
      <div class="stack">
        <p>
          <a href={back.href}>‹ {back.label}</a>
        </p>
        <h1>{title}</h1>
        {done ? (
          <div role="status">
            <Strip tone="good" icon="check">
              {done}
            </Strip>
          </div>
        ) : null}
        <Problems returned={view.returned} />
        {children}
      </div>
    </Shell>
  )
}

/** The one change of this person that may be taken back. */
export function UndoForm(props: {
  action: string
  seen: string
  atMs: number | undefined
  timeZone: string
  words: { undo: string; undoHelp: (when: string) => string }
}): JSX.Element | null {
  if (props.atMs === undefined) return null
  return (
    <form class="row wrap undo" method="post" action={props.action}>
      <input type="hidden" name="act" value="undo" />
      <input type="hidden" name="seen" value={props.seen} />
      <button class="btn" type="submit">
        {props.words.undo}
      </button>
      <span class="small muted">{props.words.undoHelp(clockTime(props.atMs, props.timeZone))}</span>
    </form>
  )
}
