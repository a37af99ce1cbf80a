import type { JSX } from 'preact'
import { verifyWords } from '../../minutes/verify/verify-words.ts'
import type { Council } from '../../storage/model/council.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Icon } from '../design/icon.tsx'
import { Shell } from '../design/page-shell.tsx'
import { clockTime, longDate } from '../words/dates.ts'
import { inLanguage } from '../words/words.ts'
import type { ListedSession } from './home-page.tsx'
import { ImportedStatement } from './imported-statement.tsx'
import type { PageContext } from './page-context.ts'
import type { VerifyPageData } from './page-data.ts'
import { masterAddress } from './player-panel.tsx'
import { sessionTitle } from './session-page.tsx'
import { type SessionView, sectionPath, sessionPath } from './session-view.ts'
import { VerifiedStrip } from './verified-strip.tsx'

/** Where anybody checks a file against what this session published. */
export function verifyPage(props: PageContext & { view: SessionView }): JSX.Element {
  const { view, words, visitor } = props
  const title = sessionTitle(view, props)
  return (
    <Shell
      {...props}
      title={`${words.verifyTitle} · ${title}`}
      council={{ name: view.council.name, slug: view.councilSlug, demo: view.council.demo }}
      current="verify"
      script="web/portal/page/verify-page.ts"
      data={pageData(view, title, props)}
      indexed={view.publishedAtMs !== null}
      narrow
    >
      <div class="stack">
        <p class="small">
          <a href={visitor.href(sectionPath(view, 0))}>{title}</a>
        </p>
        <h1>{words.verifyTitle}</h1>
        <p class="lead">{words.verifyLead}</p>
        <FileDrop words={words} acta={view.acta !== undefined} />
        <noscript>
          <p class="note">{words.verifyNoScript}</p>
        </noscript>
        <ImportedStatement {...props} />
        <ServerAnswer {...props} />
        <WithoutUs {...props} />
      </div>
    </Shell>
  )
}

/** Which session is it? Without one there is nothing to compare with. */
export function generalVerifyPage(
  props: PageContext & { councils: ListedCouncil[]; listed?: ListedCouncil; council?: Council; sessions?: ListedSession[] },
): JSX.Element {
  const { words, visitor, councils, listed, council, sessions } = props
  const links =
    council && sessions && listed
      ? sessions.map(({ session }) => ({
          href: `/c/${listed.slug}/${session.slug}/comprobar`,
          text: words.sessionTitle(words.kind[session.kind], longDate(session.convenedFor, visitor.language, council.timeZone)),
        }))
      : councils.map((one) => ({ href: `/c/${one.slug}/comprobar`, text: one.name }))
  return (
    <Shell {...props} title={words.verifyTitle} council={listed} current="verify" narrow>
      <div class="stack">
        <h1>{words.verifyTitle}</h1>
        <p class="lead">{listed ? words.verifyChooseSession : words.verifyGeneralLead}</p>
        {links.length === 0 ? <p>{words.verifyNothing}</p> : null}
        <ul class="files">
          {links.map((link) => (
            <li key={link.href}>
              <a href={visitor.href(link.href)}>
                <Icon name="shield" />
                {link.text}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </Shell>
  )
}

function FileDrop({ words, acta }: { words: PageContext['words']; acta: boolean }): JSX.Element {
  return (
    <>
      <div class="drop" id="drop" hidden>
        <input type="file" id="file" />
        <p>
          <label class="btn main" for="file">
            <Icon name="file" />
            {words.verifyChoose}
          </label>
        </p>
        <p class="small muted">{words.verifyDrop}</p>
        {acta ? (
          <p>
            <button class="btn" type="button" id="this-acta">
              {words.verifyThis}
            </button>
          </p>
        ) : null}
      </div>
      <div id="progress" hidden>
        <p id="progress-text" role="status" />
        <progress id="progress-bar" max={100} aria-labelledby="progress-text" />
      </div>
      <div id="answer" role="status" />
    </>
  )
}

/** What this installation's own last check said, code by code. */
function ServerAnswer({ view, ...context }: PageContext & { view: SessionView }): JSX.Element {
  const { words, visitor } = context
  const { verification, council } = view
  if (!verification) return <p class="muted">{words.verifyServerNone}</p>
  const { language } = visitor
  const at = `${longDate(verification.atMs, language, council.timeZone)}, ${clockTime(verification.atMs, council.timeZone)}`
  return (
    <section aria-labelledby="server-heading" class="stack">
      <h2 id="server-heading">{words.verifyServerSays}</h2>
      {verification.authentic ? (
        <VerifiedStrip {...context} view={view} />
      ) : (
        <Strip tone="bad" icon="cross">
          {words.verifyServerBad}
        </Strip>
      )}
      <details>
        <summary>
          {words.verifyDetails} · {words.verifyServerWhen(at)}
        </summary>
        <ul class="checks">
          {verification.checks.map((check) => (
            <li key={check.code}>
              <span class={check.ok ? 'good' : 'bad'}>
                <Icon name={check.ok ? 'check' : 'cross'} />
                <span class="hidden-text">{check.ok ? words.checksOk : words.checksBad}</span>
              </span>
              <span>
                {inLanguage(verifyWords, language).checks[check.code] ?? check.code}
                <br />
                <span class="small muted" lang="en">
                  <code>{check.code}</code> {check.detail}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}

/** Hashes and commands for whoever does not want to trust this page. */
function WithoutUs({ view, words }: PageContext & { view: SessionView }): JSX.Element {
  const master = masterAddress(view)
  const files = [
    ...(view.acta ? [{ name: 'acta.pdf', href: sessionPath(view, '/acta.pdf'), title: words.dataActa, sha256: view.acta.sha256 }] : []),
    ...(master && view.master ? [{ name: 'gravacion.mp4', href: master, title: words.dataVideo, sha256: view.master.sha256 }] : []),
  ]
  return (
    <details id="sen-nos">
      <summary>{words.verifyWithout}</summary>
      {files.length === 0 ? (
        <p>{words.verifyNothing}</p>
      ) : (
        <div class="stack">
          <p>{words.verifyWithoutLead}</p>
          <dl class="hashes">
            {files.map((file) => (
              <div key={file.name}>
                <dt>
                  <a href={file.href}>{file.title}</a>
                </dt>
                <dd>
                  <code>{file.sha256}</code>
                </dd>
              </div>
            ))}
          </dl>
          <pre>
            <code>{files.map((file) => `sha256sum ${file.name}\nopenssl dgst -sha256 ${file.name}`).join('\n')}</code>
          </pre>
          <p>{words.verifyWithoutSign}</p>
          <pre>
            <code>pdfsig acta.pdf</code>
          </pre>
          <p>{words.verifyWithoutScript}</p>
          <pre>
            <code>npx escano verify</code>
          </pre>
        </div>
      )}
    </details>
  )
}

function pageData(view: SessionView, title: string, { words, visitor }: PageContext): VerifyPageData {
  const master = masterAddress(view)
  return {
    language: visitor.language,
    title,
    playlist: sessionPath(view, '/video.m3u8'),
    pieces: view.recording?.pieces ?? [],
    ...(view.acta ? { acta: { sha256: view.acta.sha256, href: sessionPath(view, '/acta.pdf') } } : {}),
    ...(master && view.master ? { master: { sha256: view.master.sha256 } } : {}),
    demo: view.council.demo,
    trust: `/c/${view.councilSlug}/confianza.json`,
    say: {
      details: words.verifyDetails,
      file: words.verifyFile,
      hash: words.verifyHash,
      checking: words.verifyChecking,
      reading: words.verifyReading(0),
      demo: words.verifyDemo,
      acta: [words.verifyOk, words.verifyOkActa(title)],
      master: [words.verifyOkFile, words.verifyOkMaster(title)],
      segment: [words.verifyOkFile, words.verifyOkSegment(title, '{from}', '{to}')],
      unknown: [words.verifyNo, words.verifyNoText],
      bad: [words.verifyBad, words.verifyBadText],
      unread: [words.verifyNo, words.verifyUnreadable],
      failed: [words.verifyNotDone, words.verifyFailed],
    },
  }
}
