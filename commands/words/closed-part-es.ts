import type { ClosedPartCommandWords } from './closed-part-gl.ts'

/** What `escano closed-part` says, in Spanish. */
export const closedPartEs: ClosedPartCommandWords = {
  usage: 'diga «closed-part open CARPETA --identity FICHERO --out CARPETA».',
  noJournal: (path: string) => `${path} no es una exportación con grabación: no tiene el cuaderno de la grabadora.`,
  noKey: (path: string) => `${path} no guarda ninguna clave AGE-SECRET-KEY-1…`,
  nothing: 'en esta exportación no hay ninguna parte cerrada cifrada.',
  wrongKey: (path: string) => `${path} no se abre con esta clave, o cambiaron sus bytes.`,
  altered: (path: string) => `${path} no está o no es lo que grabó la grabadora: no se abrió nada más.`,
  done: (segments: number, files: number, out: string) => `${segments} segmentos abiertos, en ${files} ficheros de ${out}`,
}
