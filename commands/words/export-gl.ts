/** What `escano export` says, in Galician. */
export const exportGl = {
  done: (files: number, out: string) => `${files} ficheiros en ${out}`,
  missingOut: 'falta --out CARTAFOL.',
  badKind: (kind: string) => `--kind é custody ou public, non «${kind}».`,
  unknownSession: (name: string) => `non hai ningunha sesión «${name}» aquí.`,
  severalSessions: (name: string, found: string[]) => `«${name}» é de varios concellos; diga cal: ${found.join(', ')}.`,
}

export type ExportWords = typeof exportGl
