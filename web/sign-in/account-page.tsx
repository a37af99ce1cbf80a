import type { JSX } from 'preact'
import type { Passkey } from '../../storage/records/passkeys.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Staff, Visitor } from '../visitor.ts'
import { longDate } from '../words/dates.ts'
import { accessWords, signInWords } from '../words/staff-words.ts'
import { signInStyle } from './sign-in-page.tsx'

interface AccountPageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  staff: Staff
  timeZone: string
  passkeys: Passkey[]
  /** A passkey was just added. */
  added: boolean
  /** Passkeys can be used under this address. */
  possible: boolean
}

/** The own account: its passkeys, beside the password. */
export function AccountPage(props: AccountPageProps): JSX.Element {
  const { pages, visitor, council, staff, passkeys, added, possible, timeZone } = props
  const words = accessWords[visitor.language]
  const here = visitor.href(`/c/${council.slug}/conta`)
  const script = possible
    ? { script: 'web/sign-in/page/account-page.ts', data: { keys: `${here}/chaves`, failed: words.passkeyFailed } }
    : {}
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.accountTitle} · ${council.name}`}
      style={signInStyle}
      indexed={false}
      {...script}
    >
      <div class="stack">
        <h1>{words.accountTitle}</h1>
        <p class="muted">{signInWords[visitor.language].signedInAs(staff.name, signInWords[visitor.language].roles[staff.role])}</p>
        <h2>{words.passkeys}</h2>
        <p>{words.passkeysIntro}</p>
        {added ? (
          <div role="status">
            <Strip tone="good" icon="check">
              {words.passkeyAdded}
            </Strip>
          </div>
        ) : null}
        {passkeys.length === 0 ? <p class="muted">{words.noPasskeys}</p> : null}
        <ul class="sessions">
          {passkeys.map((one) => (
            <li key={one.id} class="card">
              <div class="grow">
                <p class="deed">{one.name}</p>
                <p class="small muted">
                  {words.passkeyMade(longDate(one.createdAtMs, visitor.language, timeZone))}
                  {one.usedAtMs === undefined ? '' : ` · ${words.passkeyUsed(longDate(one.usedAtMs, visitor.language, timeZone))}`}
                </p>
              </div>
              <form method="post" action={here}>
                <button class="btn" type="submit" name="remove" value={one.id}>
                  {words.removePasskey}
                  <span class="hidden-text"> · {one.name}</span>
                </button>
              </form>
            </li>
          ))}
        </ul>
        {possible ? <AddPasskey visitor={visitor} /> : <p class="muted">{words.passkeyOut}</p>}
        <p>
          <a href={visitor.href(`/c/${council.slug}/mesa`)}>{words.back}</a>
        </p>
      </div>
    </Shell>
  )
}

/** The browser makes the key, so this form is of its script; without one a sentence says so. */
function AddPasskey({ visitor }: { visitor: Visitor }): JSX.Element {
  const words = accessWords[visitor.language]
  return (
    <>
      <form class="card stack enrol" id="chave" hidden>
        <label class="stack tight">
          <span>{words.passkeyName}</span>
          <input class="field" name="name" value={words.passkeyNameExample} maxLength={60} required />
        </label>
        <button class="btn main" type="submit">
          {words.addPasskey}
        </button>
        <p id="problema" role="alert" />
      </form>
      <p class="muted" id="sen-chave">
        {words.passkeyNeedsScript}
      </p>
    </>
  )
}
