import type { JSX } from 'preact'
import { Head, PageData } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { conductWords } from '../words/staff-words.ts'
import type { ScreenSeed } from './screen-view.ts'
import { Screen } from './view/screen.tsx'

/** The second screen as the server draws it. */
export function ScreenDocument({ pages, visitor, seed }: { pages: Pages; visitor: Visitor; seed: ScreenSeed }): JSX.Element {
  const { language } = visitor
  return (
    <html lang={language}>
      <Head
        pages={pages}
        visitor={visitor}
        title={conductWords[language].screenTitle}
        style="web/control/page/screen.css"
        script="web/control/page/screen-page.tsx"
        indexed={false}
      />
      <body class="screen">
        <div id="screen">
          <Screen view={seed.view} nowMs={seed.serverMs} lost={false} language={language} />
        </div>
        <PageData value={{ ...seed, language }} />
        <script type="module" src={pages.asset('web/control/page/screen-page.tsx')} />
      </body>
    </html>
  )
}
