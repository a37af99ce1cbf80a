import type { ExportWords } from './export-gl.ts'

/** What `escano export` says, in Spanish. */
export const exportEs: ExportWords = {
  done: (files, out) => `${files} ficheros en ${out}`,
  missingOut: 'falta --out CARPETA.',
  badKind: (kind) => `--kind es custody o public, no «${kind}».`,
  unknownSession: (name) => `no hay ninguna sesión «${name}» aquí.`,
  severalSessions: (name, found) => `«${name}» es de varios concellos; diga cuál: ${found.join(', ')}.`,
}
