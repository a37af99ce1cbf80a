import type { DifferenceCode } from '../../storage/model/chamber-notes.ts'

/** What the daily reconciliation found: what happened, and what to do. differences-es.ts has the same keys. */
export const differencesGl = {
  title: 'Comprobación do gravado',
  /** Of which session, when it is not the one that is open. */
  ofSession: (day: string): string => `Pleno do ${day}:`,
  foundAt: (when: string): string => `comprobado o ${when}`,
  more: (n: number): string => (n === 1 ? 'e 1 diferenza máis' : `e ${n} diferenzas máis`),
  see: 'Ver na páxina «Gravadoras»',
  codes: {
    'object-missing': (n: number): [string, string] => [
      n === 1 ? 'FALTA UN ANACO NO ALMACÉN.' : `FALTAN ${n} ANACOS NO ALMACÉN.`,
      'Non borre nada do equipo da sala: garda a súa copia. Avise ao soporte hoxe.',
    ],
    'object-altered': (n: number): [string, string] => [
      n === 1 ? 'UN ANACO DO ALMACÉN NON É O QUE SE GRAVOU.' : `${n} ANACOS DO ALMACÉN NON SON OS QUE SE GRAVARON.`,
      'Non apague nin borre nada: a copia do equipo da sala é a boa. Avise ao soporte hoxe.',
    ],
    'object-double': (n: number): [string, string] => [
      n === 1 ? 'UN ANACO ESTÁ DÚAS VECES NO ALMACÉN.' : `${n} ANACOS ESTÁN DÚAS VECES NO ALMACÉN.`,
      'A gravación vale: conta a copia comprobada. Dígallo ao soporte.',
    ],
    'object-unknown': (n: number): [string, string] => [
      n === 1 ? 'NO ALMACÉN HAI UN FICHEIRO QUE NON CONSTA.' : `NO ALMACÉN HAI ${n} FICHEIROS QUE NON CONSTAN.`,
      'A gravación vale: eses ficheiros non son parte dela. Dígallo ao soporte.',
    ],
    'receipt-missing': (n: number): [string, string] => [
      n === 1 ? 'UN ANACO GRAVADO NON ESTÁ CONFIRMADO NO ALMACÉN.' : `${n} ANACOS GRAVADOS NON ESTÁN CONFIRMADOS NO ALMACÉN.`,
      'Acenda o equipo que gravou e déixeo coa rede posta: súbeo só. Se mañá segue igual, avise ao soporte.',
    ],
    'spool-missing': (n: number): [string, string] => [
      n === 1 ? 'FALTA UN ANACO NO DISCO DO EQUIPO QUE GRAVOU.' : `FALTAN ${n} ANACOS NO DISCO DO EQUIPO QUE GRAVOU.`,
      'Alguén borrou ficheiros dese equipo: que ninguén toque o cartafol da gravación. Avise ao soporte.',
    ],
    'spool-altered': (n: number): [string, string] => [
      n === 1 ? 'UN ANACO CAMBIOU NO DISCO DO EQUIPO QUE GRAVOU.' : `${n} ANACOS CAMBIARON NO DISCO DO EQUIPO QUE GRAVOU.`,
      'O disco pode estar fallando: non grave outro pleno con el sen que o mire o soporte.',
    ],
    'spool-receipts': (_: number): [string, string] => [
      'AQUÍ CONSTAN MENOS RECIBOS DOS QUE GARDA O EQUIPO.',
      'Pasa ao repoñer unha copia de seguridade: o equipo non borra nada mentres tanto. Avise ao soporte.',
    ],
    'spool-silent': (_: number): [string, string] => [
      'UN EQUIPO TEN GRAVACIÓN SEN ENTREGAR E HAI DÍAS QUE NON SE SABE DEL.',
      'Acéndao e póñalle a rede: o que lle falta súbeo só.',
    ],
  } satisfies Record<DifferenceCode, (n: number) => [string, string]>,
}

export type DifferencesWords = typeof differencesGl
