import type { QualityWords } from './quality-gl.ts'

const percent = (value: number): string => `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0).replace('.', ',')} %`
const whole = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, '.')

/** Sentences of the page of quality, in Spanish; keys as in quality-gl.ts. */
export const qualityEs: QualityWords = {
  title: 'Calidad de la transcripción',
  toActa: 'Ir al acta',
  toTable: 'Mi mesa',
  none: 'Aún no hay transcripción de esta sesión. Cuando termine, aquí se verá cómo salió.',
  running: 'Se está transcribiendo',
  stopped: 'La transcripción está parada',
  pieces: (done, total) => `${whole(done)} de ${whole(total)} fragmentos`,
  timeLeft: (left) => `Faltan unos ${left}.`,
  stop: 'Parar la transcripción',
  goOn: 'Seguir con la transcripción',
  again: 'Transcribir de nuevo',
  againHelp:
    'Sirve si cambió las palabras del concello o si instaló otro modelo. Solo se vuelve a oír lo que cambie; queda como una versión nueva, y el acta que ya tiene escrita no se toca.',
  tooLate: 'El acta ya está congelada y dice en qué transcripción se apoya: esta no se cambia.',
  noModel: 'No hay modelo de reconocimiento instalado: se sabe dónde se habla, pero no se escribió nada.',
  nothingLeft: 'La máquina no dejó ningún lugar por escuchar.',
  left: (count: number): string =>
    count === 1 ? 'La máquina dejó 1 lugar por escuchar.' : `La máquina dejó ${whole(count)} lugares por escuchar.`,
  leftHelp: 'Están en las listas que siguen, cada uno con su sonido. Lo que usted corrija queda en el acta; estas listas no cambian.',
  listen: 'escuchar',
  lasts: (ms: number): string => `${(ms / 1000).toFixed(1).replace('.', ',')} s`,
  more: (count: number): string => `y ${whole(count)} más`,
  untranscribed: 'Sin transcribir',
  untranscribedHelp: 'Aquí se habla y la máquina no lo pudo escribir. Escúchelo y escríbalo en el acta, si procede.',
  outside: 'Palabras donde no se oye hablar',
  outsideHelp: 'La máquina escribió estas palabras donde no se detecta voz: pueden ser inventadas.',
  notTrusted: 'Texto dudoso',
  notTrustedHelp:
    'Saltó una comprobación y, vuelto a escuchar, sigue igual: el texto puede ser inventado. Escúchelo antes de aceptarlo en el acta.',
  review: 'Quién habla, por confirmar',
  reviewHelp: 'Nadie se asigna por adivinación: confirme usted quién habla.',
  confirm: 'Confirmar quién habla',
  disagree: 'El micrófono abierto y la voz que se oye dicen personas distintas: no se asignó a nadie.',
  unsure: (speaker: string, other: string | undefined): string =>
    other ? `Parece ${speaker}; podría ser ${other}.` : `Parece ${speaker}, sin seguridad.`,
  coverage: 'Cuánto se escribió',
  recorded: 'Grabado',
  speech: 'Con voz',
  written: 'Voz escrita',
  words: 'Palabras',
  unsureWords: 'Palabras poco seguras',
  unmeasured: 'Palabras sin medir',
  notMeasured: 'sin medir',
  invented: 'Palabras donde no se oye hablar',
  who: 'Quién habla',
  noEvidence: 'Sin pruebas de quién habla: ni micrófonos, ni canales, ni turnos marcados.',
  evidence: (used: readonly string[]): string => `Pruebas usadas: ${used.map(evidenceEs).join('; ')}.`,
  bySpeaker: 'Por persona',
  bySource: 'Por lo que lo decidió',
  sources: {
    microphone: 'micrófonos',
    channel: 'canales de sonido',
    floor: 'turnos marcados',
    'chair-words': 'palabras de la presidencia',
    presidency: 'presunción: preside',
    diarization: 'voces semejantes',
    none: 'nadie',
  },
  seat: (seat: string): string => `Escaño ${seat}`,
  unknownSpeaker: 'Sin identificar',
  publicSpeaker: 'Público',
  languages: 'Lenguas',
  languageNames: { gl: 'Gallego', es: 'Castellano' },
  said: (utterances: number, words: number): string => `${whole(utterances)} intervenciones, ${whole(words)} palabras`,
  guards: 'Vigilancia contra lo inventado',
  guardsHelp: 'Cada vez que una comprobación salta, la máquina vuelve a escuchar el trozo; si sigue igual, está arriba, en «Texto dudoso».',
  noGuards: 'Ninguna comprobación saltó.',
  unasked: (names: readonly string[]): string => `No se pudieron hacer, porque este motor no da el dato: ${names.join(', ')}.`,
  guardName: (code: string): string => guardNames[code] ?? code,
  times: (count: number): string => (count === 1 ? '1 vez' : `${whole(count)} veces`),
  scores: 'Frente a un texto de referencia',
  noReference: 'No hay texto de referencia escrito por personas: los errores de palabra no se pueden medir en esta sesión.',
  scoresHelp: (words: number): string => `Comparado con ${whole(words)} palabras escritas por personas.`,
  wer: 'Palabras erradas (WER)',
  werIn: (language: string): string => `Palabras erradas en ${language === 'gl' ? 'gallego' : language === 'es' ? 'castellano' : language}`,
  werRaw: 'Palabras erradas, contando mayúsculas y puntuación',
  cer: 'Letras erradas (CER)',
  cpwer: 'Palabras erradas por persona (cpWER)',
  tcpwer: 'Palabras erradas por persona y momento (tcpWER)',
  attribution: 'Habla atribuida a quien no era',
  languageRight: 'Lengua acertada',
  names: 'Nombres propios oídos',
  inventedInSilence: 'Palabras inventadas en silencio',
  rate: (value: number | null): string => (value === null ? 'sin medir' : percent(value)),
  share: (part: number, of: number): string => (of > 0 ? percent(part / of) : 'sin medir'),
  count: (value: number): string => whole(value),
  how: 'Cómo se hizo',
  engine: (engine: string, model: string | null): string =>
    model === null ? `Motor: ${engine}. Sin modelo.` : `Motor: ${engine}. Modelo: ${model}.`,
  version: (version: number): string => `Versión ${version} de la transcripción.`,
}

const guardNames: Record<string, string> = {
  'not-recognised': 'no se reconoció',
  'no-model': 'sin modelo',
  'engine-failed': 'el motor falló',
  'not-trusted': 'sigue dudoso después de volver a escucharlo',
  'no-words': 'voz sin palabras',
  'decoded-again': 'escuchado otra vez',
  language: 'lengua dudosa',
  'word-probability': 'probabilidad de cada palabra',
  'low-probability': 'probabilidad baja',
  'no-speech': 'sin voz, según el motor',
  repeated: 'repetición',
  compressible: 'texto que se repite',
  dense: 'demasiado rápido',
  boilerplate: 'fórmulas de subtítulos ajenas',
  'outside-speech': 'palabras fuera de la voz, rechazadas',
}

function evidenceEs(code: string): string {
  if (code === 'microphone-events') return 'micrófonos abiertos y cerrados'
  if (code === 'channels') return 'el sonido de cada micrófono'
  if (code === 'floor-events') return 'turnos marcados en la tableta'
  if (code === 'chair-words') return 'lo que dice la presidencia al dar la palabra'
  if (code.startsWith('microphone-clock:'))
    return `reloj de los micrófonos corregido (${code.slice('microphone-clock: '.length).replaceAll(' at ', ' a los ')})`
  if (code.startsWith('microphone-clock-unchecked')) return 'reloj de los micrófonos sin comprobar, por tener pocos cambios'
  if (code.startsWith('microphone-events-refused')) return 'los micrófonos no se usaron: su reloj no casa con el habla'
  const voices = /^diarization: (\d+) voices, (\d+) named/.exec(code)
  if (voices) return `voces semejantes (${voices[1]} voces, ${voices[2]} con nombre por otras pruebas)`
  if (code.startsWith('diarization-refused')) return 'las voces no se pudieron comparar: su modelo falló'
  if (code.startsWith('channels-refused')) return 'los canales no se usaron: todos llevan el mismo sonido'
  return code
}
