/** What `escano import` says, in Galician. */
export const importCommandGl = {
  whichCouncil: (slugs: string[]) =>
    slugs.length === 0 ? 'nestes datos aínda non hai ningún concello.' : `diga de que concello é con --council: ${slugs.join(', ')}.`,
  copying: (done: string, total: string) => `copiando: ${done} de ${total}`,
  changed: 'o ficheiro cambiou mentres se copiaba; non se gardou nada.',
  taken: (council: string, slug: string) =>
    `${council}: a gravación está recibida e é a sesión ${slug}. Lerase e transcribirase mentres Escano estea arrincado; o ficheiro orixinal xa non fai falta.`,
}

export type ImportCommandWords = typeof importCommandGl
