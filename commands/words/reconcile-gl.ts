/** What `escano reconcile` says, in Galician. */
export const reconcileGl = {
  looking: (council: string) => `${council}: comprobando o almacén…`,
  summary: (council: string, sessions: number, segments: number, hashed: number, findings: number) =>
    `${council}: ${sessions} sesións, ${segments} segmentos, ${hashed} lidos e resumidos de novo; ${findings === 0 ? 'todo cadra.' : `${findings} cousas que mirar:`}`,
  finding: (session: string, what: string, place: string, detail: string) => `  ${session}: ${what}: ${place} (${detail})`,
  codes: {
    'object-missing': 'falta no almacén',
    'object-altered': 'no almacén hai outra cousa',
    'object-double': 'está dúas veces no almacén',
    'object-unknown': 'está no almacén e non consta',
    'receipt-missing': 'gravado e sen confirmar',
    'spool-missing': 'un anaco non está no disco do equipo que o gravou',
    'spool-altered': 'no disco do equipo que o gravou hai outra cousa',
    'spool-receipts': 'o equipo garda máis recibos dos que constan aquí',
    'spool-silent': 'un equipo ten gravación por entregar e hai días que non se sabe del',
  },
}

export type ReconcileWords = typeof reconcileGl
