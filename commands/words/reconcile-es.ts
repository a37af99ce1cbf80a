import type { ReconcileWords } from './reconcile-gl.ts'

/** What `escano reconcile` says, in Spanish. */
export const reconcileEs: ReconcileWords = {
  looking: (council) => `${council}: comprobando el almacén…`,
  summary: (council, sessions, segments, hashed, findings) =>
    `${council}: ${sessions} sesiones, ${segments} segmentos, ${hashed} leídos y resumidos de nuevo; ${findings === 0 ? 'todo cuadra.' : `${findings} cosas que mirar:`}`,
  finding: (session, what, place, detail) => `  ${session}: ${what}: ${place} (${detail})`,
  codes: {
    'object-missing': 'falta en el almacén',
    'object-altered': 'en el almacén hay otra cosa',
    'object-double': 'está dos veces en el almacén',
    'object-unknown': 'está en el almacén y no consta',
    'receipt-missing': 'grabado y sin confirmar',
    'spool-missing': 'un trozo no está en el disco del equipo que lo grabó',
    'spool-altered': 'en el disco del equipo que lo grabó hay otra cosa',
    'spool-receipts': 'el equipo guarda más recibos de los que constan aquí',
    'spool-silent': 'un equipo tiene grabación por entregar y hace días que no se sabe de él',
  },
}
