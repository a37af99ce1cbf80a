/** Sentences of the citizens' pages, in Galician. portal-es.ts has the same keys. */
export const portalGl = {
  homeTitle: 'Plenos do concello',
}

export type PortalWords = typeof portalGl
