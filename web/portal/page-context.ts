import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import type { PortalWords } from '../words/portal-gl.ts'
import { inLanguage, portalWords } from '../words/words.ts'

/** What every page of the portal is rendered with. */
export interface PageContext {
  pages: Pages
  visitor: Visitor
  words: PortalWords
}

export function pageContext(pages: Pages, visitor: Visitor): PageContext {
  return { pages, visitor, words: inLanguage(portalWords, visitor.language) }
}
