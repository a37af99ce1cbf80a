import type { JSX } from 'preact'
import type { Visitor } from '../visitor.ts'
import { commonWords, href, inLanguage, otherLanguage } from '../words/words.ts'
import { Icon } from './icon.tsx'

export interface HeaderCouncil {
  name: string
  slug: string
  demo: boolean
}

/** The council's own face: crest, name, and the ways to its pages. */
export function CouncilHeader({ visitor, council, current }: HeaderProps): JSX.Element {
  const words = inLanguage(commonWords, visitor.language)
  const other = otherLanguage(visitor.language)
  const home = council ? `/c/${council.slug}` : '/'
  return (
    <header class="masthead">
      <div class="in">
        <a class="name" href={visitor.href(home)}>
          <Crest letter={council ? crestLetter(council.name) : 'E'} />
          <span>{council?.name ?? 'Escano'}</span>
        </a>
        <nav aria-label={words.mainNavigation}>
          <a href={visitor.href(home)} aria-current={current === 'sessions' ? 'page' : undefined}>
            {words.sessions}
          </a>
          <a href={visitor.href(council ? `${home}/comprobar` : '/comprobar')} aria-current={current === 'verify' ? 'page' : undefined}>
            {words.verify}
          </a>
          <a href={href(visitor.path, other)} hreflang={other} lang={other} rel="alternate">
            {words.otherLanguageName}
          </a>
        </nav>
      </div>
      {council?.demo ? (
        <div class="demo-strip">
          <div class="in">
            <Icon name="alert" />
            <span>{words.demoStrip}</span>
          </div>
        </div>
      ) : null}
    </header>
  )
}

interface HeaderProps {
  visitor: Visitor
  council?: HeaderCouncil | undefined
  current?: 'sessions' | 'verify' | undefined
}

/** A shield with a letter, until the council gives its own. */
export function Crest({ letter }: { letter: string }): JSX.Element {
  return (
    <svg class="crest" viewBox="0 0 34 40" aria-hidden="true" focusable="false">
      <path d="M4 0H30a4 4 0 0 1 4 4V23c0 9.4-7.6 17-17 17S0 32.4 0 23V4a4 4 0 0 1 4-4Z" />
      <text x="17" y="26" text-anchor="middle">
        {letter}
      </text>
    </svg>
  )
}

/** The first letter of the place: «Concello de Vilariño do Monte» → V. */
function crestLetter(name: string): string {
  const place = name.replace(/^(?:Concello|Ayuntamiento|Deputación|Diputación)\s+(?:de|da|do|dos|das)\s+/i, '')
  return (place[0] ?? 'C').toUpperCase()
}
