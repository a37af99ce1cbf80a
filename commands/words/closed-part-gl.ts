/** What `escano closed-part` says, in Galician. */
export const closedPartGl = {
  usage: 'diga «closed-part open CARTAFOL --identity FICHEIRO --out CARTAFOL».',
  noJournal: (path: string) => `${path} non é unha exportación con gravación: non ten o caderno da gravadora.`,
  noKey: (path: string) => `${path} non garda ningunha clave AGE-SECRET-KEY-1…`,
  nothing: 'nesta exportación non hai ningunha parte pechada cifrada.',
  wrongKey: (path: string) => `${path} non se abre con esta clave, ou cambiaron os seus bytes.`,
  altered: (path: string) => `${path} non está ou non é o que gravou a gravadora: non se abriu nada máis.`,
  done: (segments: number, files: number, out: string) => `${segments} segmentos abertos, en ${files} ficheiros de ${out}`,
}

export type ClosedPartCommandWords = typeof closedPartGl
