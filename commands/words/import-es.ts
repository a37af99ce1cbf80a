import type { ImportCommandWords } from './import-gl.ts'

/** What `escano import` says, in Spanish. */
export const importCommandEs: ImportCommandWords = {
  whichCouncil: (slugs: string[]) =>
    slugs.length === 0
      ? 'en estos datos todavía no hay ningún ayuntamiento.'
      : `diga de qué ayuntamiento es con --council: ${slugs.join(', ')}.`,
  copying: (done: string, total: string) => `copiando: ${done} de ${total}`,
  changed: 'el fichero cambió mientras se copiaba; no se guardó nada.',
  taken: (council: string, slug: string) =>
    `${council}: la grabación está recibida y es la sesión ${slug}. Se leerá y se transcribirá mientras Escano esté en marcha; el fichero original ya no hace falta.`,
}
