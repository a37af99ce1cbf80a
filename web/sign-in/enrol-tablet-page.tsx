import type { JSX } from 'preact'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { accessWords, signInWords } from '../words/staff-words.ts'
import { signInStyle } from './sign-in-page.tsx'

/** What the tablet opens: the code is there already when it came by the camera. */
export function EnrolTabletPage({ pages, visitor, council, code, problem }: EnrolTabletProps): JSX.Element {
  const words = accessWords[visitor.language]
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.enrolTitle} · ${council.name}`}
      style={signInStyle}
      narrow
      indexed={false}
    >
      <div class="stack sign-in">
        <h1>{words.enrolTitle}</h1>
        <p class="muted">{words.enrolIntro}</p>
        {problem ? (
          <div role="alert" id="problem">
            <Strip tone="bad" icon="alert">
              {problem.waitMs === undefined ? words.enrolWrong : signInWords[visitor.language].tooMany(Math.ceil(problem.waitMs / 60_000))}
            </Strip>
          </div>
        ) : null}
        <form class="card stack" method="post" action={visitor.href(`/c/${council.slug}/tableta`)}>
          <label class="stack tight">
            <span>{words.enrolCode}</span>
            <input
              class="field code num"
              name="code"
              value={code}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              maxLength={30}
              required
              aria-describedby={problem ? 'problem' : 'axuda'}
            />
          </label>
          <p class="small muted" id="axuda">
            {words.enrolCodeHint}
          </p>
          <button class="btn main" type="submit">
            {words.enrolAct}
          </button>
        </form>
      </div>
    </Shell>
  )
}

interface EnrolTabletProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  code: string
  /** The code did not serve; with `waitMs`, too many were tried. */
  problem?: { waitMs?: number } | undefined
}
