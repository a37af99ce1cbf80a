import type { DifferencesWords } from './differences-gl.ts'

export const differencesEs: DifferencesWords = {
  title: 'Comprobación de lo grabado',
  ofSession: (day) => `Pleno del ${day}:`,
  foundAt: (when) => `comprobado el ${when}`,
  more: (n) => (n === 1 ? 'y 1 diferencia más' : `y ${n} diferencias más`),
  see: 'Ver en la página «Grabadoras»',
  codes: {
    'object-missing': (n) => [
      n === 1 ? 'FALTA UN TROZO EN EL ALMACÉN.' : `FALTAN ${n} TROZOS EN EL ALMACÉN.`,
      'No borre nada del equipo de la sala: guarda su copia. Avise al soporte hoy.',
    ],
    'object-altered': (n) => [
      n === 1 ? 'UN TROZO DEL ALMACÉN NO ES EL QUE SE GRABÓ.' : `${n} TROZOS DEL ALMACÉN NO SON LOS QUE SE GRABARON.`,
      'No apague ni borre nada: la copia del equipo de la sala es la buena. Avise al soporte hoy.',
    ],
    'object-double': (n) => [
      n === 1 ? 'UN TROZO ESTÁ DOS VECES EN EL ALMACÉN.' : `${n} TROZOS ESTÁN DOS VECES EN EL ALMACÉN.`,
      'La grabación vale: cuenta la copia comprobada. Dígaselo al soporte.',
    ],
    'object-unknown': (n) => [
      n === 1 ? 'EN EL ALMACÉN HAY UN FICHERO QUE NO CONSTA.' : `EN EL ALMACÉN HAY ${n} FICHEROS QUE NO CONSTAN.`,
      'La grabación vale: esos ficheros no son parte de ella. Dígaselo al soporte.',
    ],
    'receipt-missing': (n) => [
      n === 1 ? 'UN TROZO GRABADO NO ESTÁ CONFIRMADO EN EL ALMACÉN.' : `${n} TROZOS GRABADOS NO ESTÁN CONFIRMADOS EN EL ALMACÉN.`,
      'Encienda el equipo que grabó y déjelo con la red puesta: lo sube solo. Si mañana sigue igual, avise al soporte.',
    ],
    'spool-missing': (n) => [
      n === 1 ? 'FALTA UN TROZO EN EL DISCO DEL EQUIPO QUE GRABÓ.' : `FALTAN ${n} TROZOS EN EL DISCO DEL EQUIPO QUE GRABÓ.`,
      'Alguien borró ficheros de ese equipo: que nadie toque la carpeta de la grabación. Avise al soporte.',
    ],
    'spool-altered': (n) => [
      n === 1 ? 'UN TROZO CAMBIÓ EN EL DISCO DEL EQUIPO QUE GRABÓ.' : `${n} TROZOS CAMBIARON EN EL DISCO DEL EQUIPO QUE GRABÓ.`,
      'El disco puede estar fallando: no grabe otro pleno con él sin que lo mire el soporte.',
    ],
    'spool-receipts': (_) => [
      'AQUÍ CONSTAN MENOS RECIBOS DE LOS QUE GUARDA EL EQUIPO.',
      'Pasa al reponer una copia de seguridad: el equipo no borra nada mientras tanto. Avise al soporte.',
    ],
    'spool-silent': (_) => [
      'UN EQUIPO TIENE GRABACIÓN SIN ENTREGAR Y HACE DÍAS QUE NO SE SABE DE ÉL.',
      'Enciéndalo y póngale la red: lo que le falta lo sube solo.',
    ],
  },
}
