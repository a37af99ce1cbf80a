import { X509Certificate } from 'node:crypto'
import type { JSX } from 'preact'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import { QrCode } from '../design/qr-code.tsx'
import type { Pages } from '../pages.ts'
import { signInStyle } from '../sign-in/sign-in-page.tsx'
import type { Visitor } from '../visitor.ts'
import { accessWords, chamberWords } from '../words/staff-words.ts'
import type { ChamberPage } from './chamber-protocol.ts'

/** How a tablet comes to trust the page that the chamber's recorder serves, and where that page is. */
export function TrustPage(props: TrustPageProps): JSX.Element {
  const { pages, visitor, council, recorders } = props
  const words = chamberWords[visitor.language]
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.trustTitle} · ${council.name}`}
      style={signInStyle}
      indexed={false}
    >
      <div class="stack">
        <h1>{words.trustTitle}</h1>
        <p class="muted">{words.trustIntro}</p>
        {recorders.length === 0 ? (
          <Strip tone="warn" icon="clock">
            {words.trustNone}
          </Strip>
        ) : null}
        {recorders.map((one) => (
          <RecorderCard key={one.id} {...props} of={one} />
        ))}
        <section class="card pad stack">
          <h2>{words.trustHowTitle}</h2>
          <dl class="stack tight">
            {words.trustHow.map(([what, how]) => (
              <div key={what}>
                <dt class="deed">{what}</dt>
                <dd>{how}</dd>
              </div>
            ))}
          </dl>
          <p class="small muted">{words.trustLimits}</p>
        </section>
        <p>
          <a href={visitor.href(`/c/${council.slug}/mesa`)}>{accessWords[visitor.language].back}</a>
        </p>
      </div>
    </Shell>
  )
}

function RecorderCard({ visitor, council, address, of }: TrustPageProps & { of: TrustPageProps['recorders'][number] }): JSX.Element {
  const words = chamberWords[visitor.language]
  const certificate = `/c/${council.slug}/sala-na-rede/${of.id}.crt`
  return (
    <section class="card enrolment new-tablet">
      <QrCode text={address + certificate} label={words.trustQr} />
      <div class="stack">
        <h2>{words.trustOf(of.name)}</h2>
        <ol class="steps">
          <li>{words.trustStep1}</li>
          <li>{words.trustStep2}</li>
          <li>
            {words.trustStep3}
            <ul>
              {addressesOf(of.page).map((one) => (
                <li key={one} class="address">{`${one}/c/${council.slug}/tableta`}</li>
              ))}
            </ul>
          </li>
          <li>{words.trustStep4}</li>
        </ol>
        <p>
          <a class="btn" href={certificate}>
            {words.trustDownload}
          </a>
        </p>
        <p class="small muted">{words.trustPrint(new X509Certificate(of.page.authority).fingerprint256)}</p>
      </div>
    </section>
  )
}

/** Those of the network; this machine's own names serve nobody else. */
function addressesOf({ addresses }: ChamberPage): string[] {
  const others = addresses.filter((one) => !/\/\/(?:127\.|localhost)/.test(one))
  return others.length > 0 ? others : addresses
}

interface TrustPageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  recorders: { id: string; name: string; page: ChamberPage }[]
  /** Of the server, without trailing slash. */
  address: string
}
