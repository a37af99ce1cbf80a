import type { JSX } from 'preact'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { signInStyle } from '../sign-in/sign-in-page.tsx'
import type { Visitor } from '../visitor.ts'
import { chamberWords } from '../words/staff-words.ts'

/** Where a tablet gets its key and its PIN for when there is no line. */
export function PreparePage({ pages, visitor, council, tablet }: PreparePageProps): JSX.Element {
  const words = chamberWords[visitor.language]
  const here = visitor.href(`/c/${council.slug}/tableta/pin`)
  const { prepareUnequal: unequal, prepareShape: shape, prepareDone: done, prepareFailed: failed } = words
  const script =
    tablet === undefined ? {} : { script: 'web/chamber/page/prepare-page.ts', data: { tablet, here, unequal, shape, done, failed } }
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.prepareTitle} · ${council.name}`}
      style={signInStyle}
      narrow
      indexed={false}
      {...script}
    >
      <div class="stack sign-in">
        <h1>{words.prepareTitle}</h1>
        {tablet === undefined ? (
          <Strip tone="warn" icon="alert">
            {words.prepareNoTablet}
          </Strip>
        ) : (
          <>
            <p class="muted">{words.prepareIntro}</p>
            <p id="dito" role="status" hidden />
            <form class="card stack" method="post">
              <PinField name="pin" label={words.prepareNew} />
              <PinField name="outra" label={words.prepareAgain} />
              <button class="btn main" type="submit" disabled>
                {words.prepareAct}
              </button>
            </form>
          </>
        )}
        <p>
          <a href={visitor.href(`/c/${council.slug}/sala`)}>{words.backToRoom}</a>
        </p>
      </div>
    </Shell>
  )
}

/** A PIN as it is typed: digits, never shown, never kept by the browser. */
export function PinField({ name, label }: { name: string; label: string }): JSX.Element {
  return (
    <label class="stack tight">
      <span>{label}</span>
      <input class="field code num" type="password" inputmode="numeric" name={name} autocomplete="off" maxLength={12} required />
    </label>
  )
}

interface PreparePageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  /** Id of the enrolled tablet that asks; undefined for a browser where somebody signed in. */
  tablet: string | undefined
}
