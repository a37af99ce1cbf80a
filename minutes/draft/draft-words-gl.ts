import type { BodyKind, SessionKind } from '../../storage/model/session.ts'

const kinds: Record<SessionKind, string> = {
  ordinary: 'ORDINARIA',
  extraordinary: 'EXTRAORDINARIA',
  'extraordinary-urgent': 'EXTRAORDINARIA E URXENTE',
}

const bodies: Record<BodyKind, { by: string; of: string; meets: string; agrees: string; members: string }> = {
  pleno: {
    by: 'POLO PLENO DA CORPORACIÓN',
    of: 'do Pleno da Corporación',
    meets: 'o Pleno da Corporación',
    agrees: 'O Pleno acorda:',
    members: 'que legalmente compoñen a Corporación',
  },
  'xunta-de-goberno': {
    by: 'POLA XUNTA DE GOBERNO LOCAL',
    of: 'da Xunta de Goberno Local',
    meets: 'a Xunta de Goberno Local',
    agrees: 'A Xunta de Goberno Local acorda:',
    members: 'que compoñen a Xunta de Goberno Local',
  },
  'comision-informativa': {
    by: 'POLA COMISIÓN INFORMATIVA',
    of: 'da comisión informativa',
    meets: 'a comisión informativa',
    agrees: 'A comisión ditamina:',
    members: 'que compoñen a comisión',
  },
}

const votes = { ordinary: 'ordinaria', nominal: 'nominal', secret: 'secreta' }

/** «ás 19:41», «á 1:05». */
const at = (hour: string) => (/^0?1:/.test(hour) ? `á ${hour}` : `ás ${hour}`)
const onItem = (item?: number) => (item ? `, no punto ${item}` : '')
const why = (cause?: string) => (cause ? ` (${cause})` : '')

/** Galician formulas of the acta, in the order of law.md §3. */
export const draftWordsGl = {
  locale: 'gl-ES',
  title: (kind: SessionKind, body: BodyKind, day: string) =>
    `ACTA DA SESIÓN ${kinds[kind]} REALIZADA ${bodies[body].by} O DÍA ${day.toUpperCase()}`,
  notHeldTitle: (kind: SessionKind, body: BodyKind, day: string) =>
    `DILIXENCIA DE NON TERSE REALIZADO A SESIÓN ${kinds[kind]} ${bodies[body].of.toUpperCase()} CONVOCADA PARA O DÍA ${day.toUpperCase()}`,
  videoActa: (norm: string) => `Vídeo-acta, ao abeiro de: ${norm}`,
  supportActa: 'Acta con gravación de apoio',
  opening: (place: string, municipality: string, hour: string, day: string, call: 1 | 2, body: BodyKind) =>
    `En ${municipality}, no ${place}, sendo as ${hour} horas do ${day}, reúnese en ${call === 1 ? 'primeira' : 'segunda'} convocatoria ${bodies[body].meets}.`,
  mode: (mode: 'remote' | 'mixed', reason: string) =>
    `A sesión realízase ${mode === 'remote' ? 'a distancia' : 'de xeito presencial e a distancia'} conforme ao artigo 46.3 da Lei 7/1985. Motivo: ${reason}.`,
  presides: (name: string, capacity: string) => `Preside: ${name}, ${capacity}.`,
  presidesSince: (name: string, capacity: string, hour: string) => `Desde as ${hour} preside: ${name}, ${capacity}.`,
  substituting: (name: string, cause?: string) => ` En substitución de ${name}${why(cause)}.`,
  attendees: (group: string) => `Asisten · ${group}`,
  attendeesAll: 'Asisten',
  excused: 'Escusan a súa asistencia',
  absent: 'Non asisten',
  secretary: (name: string, capacity: string) => `Secretaría: ${name}, ${capacity}, que dá fe.`,
  secretarySince: (name: string, capacity: string, hour: string) => `Desde as ${hour} dá fe: ${name}, ${capacity}.`,
  intervention: (name: string, capacity: string) => `Intervención: ${name}, ${capacity}.`,
  arrived: (name: string, hour: string, item?: number) => `${name} incorpórase ${at(hour)}${onItem(item)}.`,
  left: (name: string, hour: string, item?: number) => `${name} auséntase ${at(hour)}${onItem(item)}.`,
  connectionLost: (name: string, hour: string, item?: number) =>
    `${name}, que asiste a distancia, perde a conexión ${at(hour)}${onItem(item)}.`,
  connectionBack: (name: string, hour: string, item?: number) =>
    `${name}, que asiste a distancia, recupera a conexión ${at(hour)}${onItem(item)}.`,
  expelled: (name: string, hour: string, item?: number) => `A Presidencia expulsa a ${name} ${at(hour)}${onItem(item)} (ROF, artigo 95.2).`,
  constitution: (present: number, legal: number, body: BodyKind) =>
    body === 'pleno'
      ? `Comprobado o quórum do artigo 90 do ROF (${present} membros presentes dos ${legal} ${bodies[body].members}), a Presidencia declara aberta e pública a sesión.`
      : `Comprobado o quórum (${present} membros presentes dos ${legal} ${bodies[body].members}), a Presidencia declara aberta a sesión, que non é pública.`,
  recorded: (norm: string) => `A sesión grávase en audio e vídeo ao abeiro de: ${norm}.`,
  supportRecording: 'A sesión grávase como apoio para redactar a acta (gravación de apoio).',
  file: (duration: string, format: string, sha256: string) =>
    `O ficheiro da gravación, de ${duration} e formato ${format}, con pegada SHA-256 ${sha256}, acompaña esta acta.`,
  gaps: (count: number, total: string) =>
    count === 1 ? `A gravación ten unha interrupción, de ${total}.` : `A gravación ten ${count} interrupcións, que suman ${total}.`,
  gap: (from: string, to: string, length: string, cause: string) => `Entre as ${from} e as ${to} (${length}) non hai gravación: ${cause}.`,
  gapUnsure: (least: string) =>
    `A duración desta interrupción non é segura: o gravador estivo apagado e non consta que o seu reloxo estivese en hora. Foi, como mínimo, de ${least}.`,
  gapTold: (length: string) => `Segundo o reloxo do gravador posto en hora, esta interrupción foi de ${length}.`,
  gapToTheEnd: (from: string, cause: string) => `Desde as ${from} ata o final non hai gravación: ${cause}.`,
  gapCauses: {
    'recorder-lost': 'un gravador deixou de gravar e aínda non o facía outro',
    paused: 'púxose en pausa',
    'closed-part': 'a sesión estaba a porta pechada',
    'source-late': 'a cámara ou os micrófonos tardaron en dar sinal',
    'agent-restarted': 'o gravador apagouse e volveu arrancar',
    'disk-full': 'o disco do gravador encheuse',
    stalled: 'o sinal da cámara ou dos micrófonos quedou parado',
    'capture-died': 'o programa que grava deixou de funcionar',
    'source-unreadable': 'non chegaba sinal da cámara ou dos micrófonos',
  } as Partial<Record<string, string>>,
  gapUnknown: 'o gravador fallou',
  recorders: (stretches: string[]) =>
    `Gravaron a sesión varios gravadores, sobre unha mesma liña de tempo; fai fe o que se indica: ${stretches.join('; ')}. As demais gravacións consérvanse completas.`,
  recorderFrom: (name: string, from: string) => `desde ${from}, «${name}»`,
  notRecorded: 'Desta sesión non hai gravación.',
  recordingLost:
    'A sesión íase gravar e non se conserva gravación ningunha. A falta da gravación non afecta á validez da sesión nin desta acta.',
  recess: (from: string, to: string | undefined, cause?: string) =>
    to === undefined
      ? `A Presidencia interrompe a sesión ${at(from)}${why(cause)}.`
      : `A Presidencia interrompe a sesión ${at(from)}${why(cause)} e retómaa ${at(to)}.`,
  agenda: 'Orde do día',
  noInterventions: 'Non se producen intervencións.',
  noQuestions: 'Non se formulan rogos nin preguntas.',
  notReached: 'Este punto non se chegou a tratar.',
  withdrawn: 'O punto retírase da orde do día.',
  postponed: 'O punto queda sobre a mesa.',
  bound: (name: string) => `${name} abstense de intervir e de votar por deber legal e sae da sala (ROF, artigo 96).`,
  vote: (kind: 'ordinary' | 'nominal' | 'secret', round: 1 | 2) =>
    `${round === 2 ? 'Sométese a segunda votación' : 'Sométese a votación'} ${votes[kind]}.`,
  counts: (favour: number, against: number, abstain: number) => `Votos a favor: ${favour}; en contra: ${against}; abstencións: ${abstain}.`,
  absentees: (names: string, count: number) =>
    `${count === 1 ? 'Das abstencións, unha é' : `Das abstencións, ${count} son`} abstención por ausencia, por saír despois de iniciada a deliberación (ROF, artigo 100.1): ${names}.`,
  outcome: {
    approved: 'A Presidencia proclama aprobada a proposta.',
    rejected: 'A Presidencia proclama rexeitada a proposta.',
    tie: 'Prodúcese un empate.',
  },
  unanimous: 'A Presidencia proclama aprobada a proposta por unanimidade.',
  casting: 'Decide o voto de calidade da Presidencia.',
  agreement: (body: BodyKind) => bodies[body].agrees,
  closing: (hour: string, capacity: string) =>
    `E non habendo máis asuntos que tratar, a Presidencia levanta a sesión ás ${hour} horas, do que eu, como ${capacity.toLowerCase()}, dou fe.`,
  notHeld: (place: string, municipality: string, hour: string, day: string, call: 1 | 2, body: BodyKind) =>
    `En ${municipality}, no ${place}, ás ${hour} horas do ${day}, estaba convocada en ${call === 1 ? 'primeira' : 'segunda'} convocatoria sesión ${bodies[body].of}, que non se realizou.`,
  notHeldCause: (cause: string) => `Causa: ${cause}`,
  notHeldQuorum: (needed: number, present: number) => `Para o quórum facían falta ${needed} membros e concorreron ${present}.`,
  secondCall: (day: string, hour: string) =>
    `A sesión queda convocada de forma automática, en segunda convocatoria, para o ${day} ás ${hour} horas.`,
  noSecondCall: 'Non cabe outra convocatoria: os asuntos da orde do día quedan para a primeira sesión que se realice.',
  secretaryOffice: 'secretaría',
  came: 'Concorreron',
  cameNobody: 'Non concorreu ningún membro.',
  notHeldClosing: (capacity: string) =>
    `E para que conste, en lugar da acta e conforme ao artigo 109.2 do ROF, estendo esta dilixencia, que asino como ${capacity.toLowerCase()}.`,
  unknownSpeaker: 'Persoa sen identificar',
}
export type DraftWords = typeof draftWordsGl
