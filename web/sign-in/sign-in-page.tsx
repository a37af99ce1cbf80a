import type { JSX } from 'preact'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import type { SignInWords } from '../words/sign-in-gl.ts'
import { accessWords, signInWords } from '../words/staff-words.ts'

export interface SignInProblem {
  problem?: 'wrong' | 'too-many' | 'outside'
  waitMs?: number
}

/** The style of the sign-in and of the staff's table. */
export const signInStyle = 'web/sign-in/page/sign-in.css'

export function SignInPage(props: SignInPageProps): JSX.Element {
  const { pages, visitor, council } = props
  const words = signInWords[visitor.language]
  const access = accessWords[visitor.language]
  const entry = visitor.href(`/c/${council.slug}/entrar/chave`)
  const script = props.passkeys
    ? { script: 'web/sign-in/page/door-page.ts', data: { entry, next: props.next, refused: access.passkeyRefused } }
    : {}
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.title} · ${council.name}`}
      style={signInStyle}
      narrow
      indexed={false}
      {...script}
    >
      <div class="stack sign-in">
        <h1>{words.title}</h1>
        <p class="muted">{words.intro}</p>
        {props.left ? (
          <div role="status">
            <Strip tone="good" icon="check">
              {words.signedOut}
            </Strip>
          </div>
        ) : null}
        {props.problem ? (
          <div role="alert" id="problem">
            <Strip tone="bad" icon="alert">
              {problemSentence(words, props)}
            </Strip>
          </div>
        ) : null}
        <form class="card stack" method="post" action={visitor.href(`/c/${council.slug}/entrar`)}>
          <input type="hidden" name="seguir" value={props.next} />
          <label class="stack tight">
            <span>{words.login}</span>
            <input
              class="field"
              name="login"
              value={props.login ?? ''}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              maxLength={200}
              required
              aria-describedby={props.problem ? 'problem' : undefined}
            />
          </label>
          <label class="stack tight">
            <span>{words.password}</span>
            <input class="field" name="password" type="password" autocomplete="current-password" maxLength={1000} required />
          </label>
          <button class="btn main" type="submit">
            {words.enter}
          </button>
        </form>
        {props.passkeys ? (
          <>
            <button class="btn" type="button" id="chave" hidden>
              {access.enterWithPasskey}
            </button>
            <p id="problema" role="alert" />
          </>
        ) : null}
        {council.demo ? <p class="small muted">{words.demoHint}</p> : null}
      </div>
    </Shell>
  )
}

function problemSentence(words: SignInWords, { problem, waitMs = 0 }: SignInProblem): string {
  if (problem === 'outside') return words.outside
  return problem === 'wrong' ? words.wrong : words.tooMany(Math.ceil(waitMs / 60_000))
}

interface SignInPageProps extends SignInProblem {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  /** Where the person goes once signed in. */
  next: string
  /** The person has just signed out. */
  left: boolean
  login?: string
  /** Passkeys can be used under this address. */
  passkeys: boolean
}
