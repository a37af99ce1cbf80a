import type { RecordersWords } from './recorders-gl.ts'

/** Sentences of the page of a council's recorders, in Spanish. */
export const recordersEs: RecordersWords = {
  title: 'Grabadoras',
  intro:
    'Los equipos que pueden grabar los plenos de este ayuntamiento. Cualquier portátil puede ser uno: se da de alta con un código y se suma al pleno que se esté grabando.',
  none: 'Todavía no hay ninguna grabadora dada de alta.',
  connected: 'conectada',
  offline: 'sin conexión',
  revoked: 'retirada',
  revokedOn: (when) => `retirada el ${when}`,
  recordingNow: 'está grabando',
  revoke: 'Retirar',
  revokeHint: 'Una grabadora retirada se corta en el momento y no vuelve a entrar. Lo que ya grabó queda.',
  keeps: (size, since) => `Guarda en su disco ${size} de grabaciones, desde el ${since}.`,
  keepsNothing: 'No guarda grabaciones en su disco.',
  notDelivered: (segments) => (segments === 1 ? 'Tiene un trozo por entregar.' : `Tiene ${segments} trozos por entregar.`),
  removed: 'Lo más antiguo ya no lo guarda: está en el almacén.',
  toldAt: (when) => `(Lo dijo el ${when}.)`,
  keepingRule:
    'Cada equipo guarda copia de lo que grabó durante 30 días, o menos si el disco pasa del 80 %; solo quita lo que el almacén leyó y comprobó.',
  newCode: 'Dar de alta un equipo',
  codeTitle: 'Código para dar de alta un equipo',
  codeHint: (minutes) => `Sirve una sola vez y durante ${minutes} minutos. En el equipo nuevo, en una terminal:`,
  codeSource: 'En ORIGEN ponga la dirección de la cámara (rtsp://…) o la fuente de sonido del equipo.',
  waitedTitle: 'Grabaciones sin cerrar',
  waitedFor: (day, name) => `La grabación del ${day} espera por «${name}».`,
  waitedHow: (segments) =>
    `${segments === 0 ? 'Todavía no dijo que terminase.' : `${segments === 1 ? 'Falta un trozo' : `Faltan ${segments} trozos`} por entregar.`} Encienda ese equipo y conéctelo a la red: entrega solo lo que tiene, y la grabación se cierra sola.`,
  neverBack: 'Ese equipo no va a volver',
  giveUpMeans: (segments) =>
    `La grabación se cierra con lo que llegó${segments === 0 ? '' : ` y sin ${segments === 1 ? 'ese trozo' : `esos ${segments} trozos`}`}: donde grabó otro equipo vale lo suyo, y lo que no tiene nadie figura en el acta como interrupción. No se puede deshacer.`,
  giveUp: 'Cerrar sin esperar',
  reconciliation: 'Última comprobación del almacén',
  notYet: 'Todavía no se hizo. Se hace sola cada día.',
  reconciledOk: (when, sessions, segments) =>
    `${when}: ${sessions} ${sessions === 1 ? 'sesión' : 'sesiones'}, ${segments} segmentos. Todo lo grabado está en el almacén, una vez, y es lo que se grabó.`,
  reconciledBad: (when, findings) => `${when}: ${findings} ${findings === 1 ? 'cosa que mirar' : 'cosas que mirar'}.`,
  back: 'Volver a la mesa',
}
