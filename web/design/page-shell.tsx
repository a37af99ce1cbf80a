import type { ComponentChildren, JSX } from 'preact'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { commonWords, href, inLanguage } from '../words/words.ts'
import { CouncilHeader, type HeaderCouncil } from './council-header.tsx'

/** The style that pages have which name none. */
export const portalStyle = 'web/portal/page/portal.css'

export interface ShellProps {
  pages: Pages
  visitor: Visitor
  title: string
  /** The council whose page this is; without one the header carries the product's name. */
  council?: HeaderCouncil | undefined
  /** Style entry of the room, default the portal's. */
  style?: string
  /** Browser module of the page, e.g. `web/portal/page/session-page.ts`. */
  script?: string
  /** What the browser module needs to know, as JSON. */
  data?: unknown
  description?: string
  /** Attributes of `body`, e.g. `data-session-verified`. */
  bodyAttributes?: Record<string, string>
  narrow?: boolean
  /** Which link of the header is this page. */
  current?: 'sessions' | 'verify'
  /** Public pages are shown to search engines; a page of the staff is not. */
  indexed?: boolean
  /** Web app manifest of a page that can be installed. */
  manifest?: string
  children: ComponentChildren
}

/** The whole document around a page: head, header with crest and language switch, demo strip, content, foot. */
export function Shell(props: ShellProps): JSX.Element {
  const { pages, visitor, council } = props
  const words = inLanguage(commonWords, visitor.language)
  return (
    <html lang={visitor.language}>
      <Head {...props} />
      <body {...props.bodyAttributes}>
        <a class="skip" href="#contido">
          {words.skipToContent}
        </a>
        <CouncilHeader visitor={visitor} council={council} current={props.current} />
        <main id="contido" class={props.narrow ? 'page narrow' : 'page'} tabIndex={-1}>
          {props.children}
        </main>
        <footer class="foot">
          <div class="in">
            <p>{words.footerOpen}</p>
            {council ? <a href={visitor.href(`/c/${council.slug}/entrar`)}>{words.staffSignIn}</a> : null}
          </div>
        </footer>
        {props.data === undefined ? null : <PageData value={props.data} />}
        {props.script ? <script type="module" src={pages.asset(props.script)} /> : null}
      </body>
    </html>
  )
}

/** The head of a page; a full-screen page of the staff (web/control) takes it without the rest of the shell. */
export function Head({
  pages,
  visitor,
  title,
  style = portalStyle,
  script,
  description,
  indexed = true,
  manifest,
}: HeadProps): JSX.Element {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      {description ? <meta name="description" content={description} /> : null}
      {indexed ? null : <meta name="robots" content="noindex" />}
      {manifest ? <link rel="manifest" href={manifest} /> : null}
      <link rel="alternate" hreflang="gl" href={href(visitor.path, 'gl')} />
      <link rel="alternate" hreflang="es" href={href(visitor.path, 'es')} />
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href={pages.asset(style)} />
      {script ? pages.styles(script).map((sheet) => <link key={sheet} rel="stylesheet" href={sheet} />) : null}
    </head>
  )
}

export type HeadProps = Pick<ShellProps, 'pages' | 'visitor' | 'title' | 'style' | 'script' | 'description' | 'indexed' | 'manifest'>

/** JSON in the page: `<` is written so that no text can end the element. */
export function PageData({ value }: { value: unknown }): JSX.Element {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c')
  return <script type="application/json" id="page-data" dangerouslySetInnerHTML={{ __html: json }} />
}
