/** Sentences of the page of a council's recorders, in Galician. recorders-es.ts has the same keys. */
export const recordersGl = {
  title: 'Gravadoras',
  intro:
    'Os equipos que poden gravar os plenos deste concello. Calquera portátil pode ser un: dáse de alta cun código e súmase ao pleno que se estea a gravar.',
  none: 'Aínda non hai ningunha gravadora dada de alta.',
  connected: 'conectada',
  offline: 'sen conexión',
  revoked: 'retirada',
  revokedOn: (when: string) => `retirada o ${when}`,
  recordingNow: 'está gravando',
  revoke: 'Retirar',
  revokeHint: 'Unha gravadora retirada córtase no momento e non volve entrar. O que xa gravou queda.',
  keeps: (size: string, since: string) => `Garda no seu disco ${size} de gravacións, desde o ${since}.`,
  keepsNothing: 'Non garda gravacións no seu disco.',
  notDelivered: (segments: number) => (segments === 1 ? 'Ten un anaco por entregar.' : `Ten ${segments} anacos por entregar.`),
  removed: 'O máis antigo xa non o garda: está no almacén.',
  toldAt: (when: string) => `(Díxoo o ${when}.)`,
  keepingRule:
    'Cada equipo garda copia do que gravou durante 30 días, ou menos se o disco pasa do 80 %; só quita o que o almacén leu e comprobou.',
  newCode: 'Dar de alta un equipo',
  codeTitle: 'Código para dar de alta un equipo',
  codeHint: (minutes: number) => `Serve unha soa vez e durante ${minutes} minutos. No equipo novo, nunha terminal:`,
  codeSource: 'En ORIXE poña o enderezo da cámara (rtsp://…) ou a fonte de son do equipo.',
  waitedTitle: 'Gravacións sen pechar',
  waitedFor: (day: string, name: string) => `A gravación do ${day} agarda por «${name}».`,
  waitedHow: (segments: number) =>
    `${segments === 0 ? 'Non dixo aínda que rematase.' : `${segments === 1 ? 'Falta un anaco' : `Faltan ${segments} anacos`} por entregar.`} Acenda ese equipo e conécteo á rede: entrega só o que ten, e a gravación péchase soa.`,
  neverBack: 'Ese equipo non vai volver',
  giveUpMeans: (segments: number) =>
    `A gravación péchase co que chegou${segments === 0 ? '' : ` e sen ${segments === 1 ? 'ese anaco' : `eses ${segments} anacos`}`}: onde gravou outro equipo vale o seu, e o que non ten ninguén figura na acta como interrupción. Non se pode desfacer.`,
  giveUp: 'Pechar sen agardar',
  reconciliation: 'Última comprobación do almacén',
  notYet: 'Aínda non se fixo. Faise soa cada día.',
  reconciledOk: (when: string, sessions: number, segments: number) =>
    `${when}: ${sessions} ${sessions === 1 ? 'sesión' : 'sesións'}, ${segments} segmentos. Todo o gravado está no almacén, unha vez, e é o que se gravou.`,
  reconciledBad: (when: string, findings: number) => `${when}: ${findings} ${findings === 1 ? 'cousa que mirar' : 'cousas que mirar'}.`,
  back: 'Volver á mesa',
}

export type RecordersWords = typeof recordersGl
