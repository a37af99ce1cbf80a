import type { JSX } from 'preact'
import type { Account } from '../../storage/records/accounts.ts'
import type { Tablet } from '../../storage/records/tablets.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip, Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import { QrCode } from '../design/qr-code.tsx'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { clockTime, longDate } from '../words/dates.ts'
import { accessWords } from '../words/staff-words.ts'
import { signInStyle } from './sign-in-page.tsx'

export interface TabletsPageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  timeZone: string
  tablets: Tablet[]
  /** Accounts a tablet may be for, and those tablets were for. */
  accounts: Account[]
  /** Just made; shown once and kept nowhere. */
  made?: { id: string; name: string; code: string; address: string; expiresAtMs: number } | undefined
  /** What became of a code that was asked about. */
  asked?: { state: 'waiting' | 'used' | 'over'; name: string } | undefined
}

/** The tablets that open the chamber page without a password: which there are, how one more comes in, how one is taken out. */
export function TabletsPage(props: TabletsPageProps): JSX.Element {
  const { pages, visitor, council, tablets, made, asked } = props
  const words = accessWords[visitor.language]
  const here = visitor.href(`/c/${council.slug}/tabletas`)
  const script = made ? { script: 'web/sign-in/page/tablets-page.ts', data: { code: made.id, here, over: words.codeOver } } : {}
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.tabletsTitle} · ${council.name}`}
      style={signInStyle}
      indexed={false}
      {...script}
    >
      <div class="stack">
        <h1>{words.tabletsTitle}</h1>
        <p class="muted">{words.tabletsIntro}</p>
        {made ? <NewCode {...props} made={made} here={here} /> : null}
        {asked ? (
          <div role="status">
            <Strip tone={asked.state === 'used' ? 'good' : 'warn'} icon={asked.state === 'used' ? 'check' : 'clock'}>
              {asked.state === 'used' ? words.codeUsed(asked.name) : asked.state === 'over' ? words.codeOver : words.codeWaiting}
            </Strip>
          </div>
        ) : null}
        {tablets.length === 0 ? <p class="muted">{words.noTablets}</p> : null}
        <ul class="sessions">
          {tablets.map((one) => (
            <TabletRow key={one.id} {...props} tablet={one} here={here} />
          ))}
        </ul>
        {tablets.length > 0 ? <p class="small muted">{words.revokeHint}</p> : null}
        {made ? null : <AddTablet {...props} here={here} />}
        <p>
          <a href={visitor.href(`/c/${council.slug}/mesa`)}>{words.back}</a>
        </p>
      </div>
    </Shell>
  )
}

function AddTablet({ visitor, accounts, here }: TabletsPageProps & { here: string }): JSX.Element {
  const words = accessWords[visitor.language]
  const users = accounts.filter((one) => one.role === 'secretary')
  return (
    <form class="card pad stack enrol" method="post" action={here}>
      <h2>{words.addTablet}</h2>
      <label class="stack tight">
        <span>{words.tabletName}</span>
        <input class="field" name="name" value={words.tabletNameExample} maxLength={60} required aria-describedby="nome-axuda" />
      </label>
      <p class="small muted" id="nome-axuda">
        {words.tabletNameHint}
      </p>
      {users.length === 1 ? (
        <input type="hidden" name="account" value={users[0]?.id} />
      ) : (
        <label class="stack tight">
          <span>{words.whoUses}</span>
          <select class="field" name="account">
            {users.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <button class="btn main" type="submit" name="act" value="code">
        {words.addTablet}
      </button>
    </form>
  )
}

function NewCode({
  visitor,
  made,
  timeZone,
  here,
}: TabletsPageProps & { made: NonNullable<TabletsPageProps['made']>; here: string }): JSX.Element {
  const words = accessWords[visitor.language]
  return (
    <section class="card enrolment new-tablet" aria-labelledby="alta">
      <QrCode text={`${made.address}?codigo=${made.code}`} label={words.qrLabel} />
      <div class="stack">
        <h2 id="alta">{words.codeTitle(made.name)}</h2>
        <ol class="steps">
          {words.codeSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p class="address">{words.codeByHand(made.address)}</p>
        <p class="code num">{made.code}</p>
        <p>{words.codeLife(clockTime(made.expiresAtMs, timeZone))}</p>
        <p id="agarda" role="status" class="deed">
          {words.codeWaiting}
        </p>
        <p>
          <a class="btn" href={`${here}?alta=${made.id}`}>
            {words.codeCheck}
          </a>
        </p>
      </div>
    </section>
  )
}

function TabletRow({ visitor, tablet, accounts, timeZone, here }: TabletsPageProps & { tablet: Tablet; here: string }): JSX.Element {
  const words = accessWords[visitor.language]
  const when = (ms: number) => `${longDate(ms, visitor.language, timeZone)}, ${clockTime(ms, timeZone)}`
  const user = accounts.find((one) => one.id === tablet.account)?.name ?? ''
  return (
    <li class="card">
      <div class="grow">
        <p class="deed">{tablet.name}</p>
        <p class="small muted">
          {words.usedBy(user)} · {words.enrolledAt(longDate(tablet.createdAtMs, visitor.language, timeZone))} ·{' '}
          {tablet.seenAtMs === undefined ? words.neverSeen : words.seenAt(when(tablet.seenAtMs))}
        </p>
      </div>
      {tablet.revokedAtMs !== undefined ? (
        <Chip>{words.revoked}</Chip>
      ) : (
        <>
          <Chip tone="good">{words.active}</Chip>
          <form method="post" action={here}>
            <input type="hidden" name="tablet" value={tablet.id} />
            <button class="btn" type="submit" name="act" value="revoke">
              {words.revoke}
              <span class="hidden-text"> · {tablet.name}</span>
            </button>
          </form>
        </>
      )}
    </li>
  )
}
