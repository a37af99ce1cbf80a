const percent = (value: number): string => `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0).replace('.', ',')} %`
const whole = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, '.')

/** Sentences of the page of quality, in Galician. quality-es.ts has the same keys. */
export const qualityGl = {
  title: 'Calidade da transcrición',
  toActa: 'Ir á acta',
  toTable: 'A miña mesa',
  none: 'Aínda non hai transcrición desta sesión. Cando remate, aquí verase como saíu.',
  running: 'Está a transcribirse',
  stopped: 'A transcrición está parada',
  pieces: (done: number, total: number): string => `${whole(done)} de ${whole(total)} fragmentos`,
  timeLeft: (left: string): string => `Faltan uns ${left}.`,
  stop: 'Parar a transcrición',
  goOn: 'Seguir coa transcrición',
  again: 'Transcribir de novo',
  againHelp:
    'Serve se cambiou as palabras do concello ou se instalou outro modelo. Só se volve oír o que cambie; queda como unha versión nova, e a acta que xa ten escrita non se toca.',
  tooLate: 'A acta xa está conxelada e di en que transcrición se apoia: esta non se cambia.',
  noModel: 'Non hai modelo de recoñecemento instalado: sábese onde se fala, pero non se escribiu nada.',
  nothingLeft: 'A máquina non deixou ningún lugar por escoitar.',
  left: (count: number): string =>
    count === 1 ? 'A máquina deixou 1 lugar por escoitar.' : `A máquina deixou ${whole(count)} lugares por escoitar.`,
  leftHelp: 'Están nas listas que seguen, cada un co seu son. O que vostede corrixa queda na acta; estas listas non cambian.',
  listen: 'escoitar',
  lasts: (ms: number): string => `${(ms / 1000).toFixed(1).replace('.', ',')} s`,
  more: (count: number): string => `e ${whole(count)} máis`,
  untranscribed: 'Sen transcribir',
  untranscribedHelp: 'Aquí fálase e a máquina non o puido escribir. Escóiteo e escríbao na acta, se procede.',
  outside: 'Palabras onde non se oe falar',
  outsideHelp: 'A máquina escribiu estas palabras onde non se detecta voz: poden ser inventadas.',
  notTrusted: 'Texto dubidoso',
  notTrustedHelp:
    'Saltou unha comprobación e, volto escoitar, segue igual: o texto pode ser inventado. Escóiteo antes de aceptalo na acta.',
  review: 'Quen fala, por confirmar',
  reviewHelp: 'Ninguén se asigna a adiviñas: confirme vostede quen fala.',
  confirm: 'Confirmar quen fala',
  disagree: 'O micrófono aberto e a voz que se oe din persoas distintas: non se asignou a ninguén.',
  unsure: (speaker: string, other: string | undefined): string =>
    other ? `Semella ${speaker}; podería ser ${other}.` : `Semella ${speaker}, sen seguridade.`,
  coverage: 'Canto se escribiu',
  recorded: 'Gravado',
  speech: 'Con voz',
  written: 'Voz escrita',
  words: 'Palabras',
  unsureWords: 'Palabras pouco seguras',
  unmeasured: 'Palabras sen medida',
  notMeasured: 'sen medida',
  invented: 'Palabras onde non se oe falar',
  who: 'Quen fala',
  noEvidence: 'Sen probas de quen fala: nin micrófonos, nin canles, nin quendas marcadas.',
  evidence: (used: readonly string[]): string => `Probas usadas: ${used.map(evidenceGl).join('; ')}.`,
  bySpeaker: 'Por persoa',
  bySource: 'Polo que o decidiu',
  sources: {
    microphone: 'micrófonos',
    channel: 'canles de son',
    floor: 'quendas marcadas',
    'chair-words': 'palabras da presidencia',
    presidency: 'presunción: preside',
    diarization: 'voces semellantes',
    none: 'ninguén',
  },
  seat: (seat: string): string => `Escano ${seat}`,
  unknownSpeaker: 'Sen identificar',
  publicSpeaker: 'Público',
  languages: 'Linguas',
  languageNames: { gl: 'Galego', es: 'Castelán' },
  said: (utterances: number, words: number): string => `${whole(utterances)} intervencións, ${whole(words)} palabras`,
  guards: 'Vixilancia contra o inventado',
  guardsHelp: 'Cada vez que unha comprobación salta, a máquina volve escoitar o anaco; se segue igual, está arriba, en «Texto dubidoso».',
  noGuards: 'Ningunha comprobación saltou.',
  unasked: (names: readonly string[]): string => `Non se puideron facer, porque este motor non dá o dato: ${names.join(', ')}.`,
  guardName: (code: string): string => guardNames[code] ?? code,
  times: (count: number): string => (count === 1 ? '1 vez' : `${whole(count)} veces`),
  scores: 'Fronte a un texto de referencia',
  noReference: 'Non hai texto de referencia escrito por persoas: os erros de palabra non se poden medir nesta sesión.',
  scoresHelp: (words: number): string => `Comparado con ${whole(words)} palabras escritas por persoas.`,
  wer: 'Palabras erradas (WER)',
  werIn: (language: string): string => `Palabras erradas en ${language === 'gl' ? 'galego' : language === 'es' ? 'castelán' : language}`,
  werRaw: 'Palabras erradas, contando maiúsculas e puntuación',
  cer: 'Letras erradas (CER)',
  cpwer: 'Palabras erradas por persoa (cpWER)',
  tcpwer: 'Palabras erradas por persoa e momento (tcpWER)',
  attribution: 'Fala atribuída a quen non era',
  languageRight: 'Lingua acertada',
  names: 'Nomes propios oídos',
  inventedInSilence: 'Palabras inventadas en silencio',
  rate: (value: number | null): string => (value === null ? 'sen medida' : percent(value)),
  share: (part: number, of: number): string => (of > 0 ? percent(part / of) : 'sen medida'),
  count: (value: number): string => whole(value),
  how: 'Como se fixo',
  engine: (engine: string, model: string | null): string =>
    model === null ? `Motor: ${engine}. Sen modelo.` : `Motor: ${engine}. Modelo: ${model}.`,
  version: (version: number): string => `Versión ${version} da transcrición.`,
}

const guardNames: Record<string, string> = {
  'not-recognised': 'non se recoñeceu',
  'no-model': 'sen modelo',
  'engine-failed': 'o motor fallou',
  'not-trusted': 'segue dubidoso despois de volvelo escoitar',
  'no-words': 'voz sen palabras',
  'decoded-again': 'escoitado outra vez',
  language: 'lingua dubidosa',
  'word-probability': 'probabilidade de cada palabra',
  'low-probability': 'probabilidade baixa',
  'no-speech': 'sen voz, segundo o motor',
  repeated: 'repetición',
  compressible: 'texto que se repite',
  dense: 'demasiado rápido',
  boilerplate: 'fórmulas de subtítulos alleas',
  'outside-speech': 'palabras fóra da voz, rexeitadas',
}

function evidenceGl(code: string): string {
  if (code === 'microphone-events') return 'micrófonos abertos e pechados'
  if (code === 'channels') return 'o son de cada micrófono'
  if (code === 'floor-events') return 'quendas marcadas na tableta'
  if (code === 'chair-words') return 'o que di a presidencia ao dar a palabra'
  if (code.startsWith('microphone-clock:'))
    return `reloxo dos micrófonos corrixido (${code.slice('microphone-clock: '.length).replaceAll(' at ', ' aos ')})`
  if (code.startsWith('microphone-clock-unchecked')) return 'reloxo dos micrófonos sen comprobar, por ter poucos cambios'
  if (code.startsWith('microphone-events-refused')) return 'os micrófonos non se usaron: o seu reloxo non casa coa fala'
  const voices = /^diarization: (\d+) voices, (\d+) named/.exec(code)
  if (voices) return `voces semellantes (${voices[1]} voces, ${voices[2]} con nome por outras probas)`
  if (code.startsWith('diarization-refused')) return 'as voces non se puideron comparar: o seu modelo fallou'
  if (code.startsWith('channels-refused')) return 'as canles non se usaron: todas levan o mesmo son'
  return code
}

export type QualityWords = typeof qualityGl
