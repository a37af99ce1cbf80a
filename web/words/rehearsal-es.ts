import type { RehearsalWords } from './rehearsal-gl.ts'

/** What a rehearsal found, in Spanish. */
export const rehearsalEs: RehearsalWords = {
  title: 'Último ensayo',
  never: 'aún no ha hecho ningún ensayo. Lo hace sola dos horas antes de cada pleno convocado; en el equipo de la sala: escano rehearse.',
  short: { ready: 'Listo', look: 'Se puede grabar', bad: 'No está listo' },
  neverHere: 'Todavía no se hizo ningún ensayo. El equipo lo hace solo dos horas antes del pleno.',
  moreToMend: (n) => (n === 1 ? 'y 1 cosa más' : `y ${n} cosas más`),
  ready: 'Todo listo para grabar.',
  readyBut: (looks) => (looks === 1 ? 'Se puede grabar; hay 1 cosa que mirar.' : `Se puede grabar; hay ${looks} cosas que mirar.`),
  notReady: (bad) =>
    bad === 1 ? 'NO ESTÁ LISTO: hay 1 cosa que arreglar antes del pleno.' : `NO ESTÁ LISTO: hay ${bad} cosas que arreglar antes del pleno.`,
  wentWell: (things) => (things === 1 ? '1 comprobación buena' : `${things} comprobaciones buenas`),
  grades: { good: 'bien', look: 'mire', bad: 'ARREGLE' },
  forSupport: (detail) => `para el soporte: ${detail}`,
  running: (seconds) => `ensayando: se graba durante ${seconds} s. Que hable alguien por cada micro…`,
  refused: (why) => `ahora no se puede ensayar: ${why}`,
  noSource: 'falta --source DIRECCIÓN (o ESCANO_RECORDER_CHAMBER, ESCANO_RECORDER_SOURCE): de dónde vienen la imagen y el sonido.',
  findings: {
    'source-recorded': (name, value) => `${name}: grabó ${value} s, y lo grabado se descodifica entero.`,
    'source-failed': (name, _) => `${name}: no llega nada. Compruebe que está encendida y con el cable puesto.`,
    'source-broken': (name, value) => `${name}: ${value} trozos grabados no se descodifican. Avise al soporte.`,
    'picture-seen': (name, _) => `${name}: llega imagen.`,
    'no-picture': (name, _) => `${name}: no llega imagen. Compruebe la cámara y su cable.`,
    'black-picture': (name, _) => `${name}: la imagen está negra. Mire que no esté tapada y que haya luz.`,
    'frozen-picture': (name, _) => `${name}: la imagen está congelada. Apague y encienda la cámara.`,
    'key-pictures-far': (name, value) =>
      `${name}: las imágenes clave van cada ${value} s. Ponga en la cámara 2 s o menos (GOP, I-frame interval).`,
    'sound-heard': (name, value) => `${name}: llega sonido (hasta ${value} dB).`,
    'sound-low': (name, value) =>
      `${name}: casi no se oyó nada (${value} dB). Si alguien habló por él, suba el volumen; si no, pruebe de nuevo hablando.`,
    clipping: (name, _) => `${name}: el sonido llega demasiado alto y se rompe. Baje la salida de la mesa de sonido.`,
    'no-sound': (name, _) =>
      `${name}: no llega ningún sonido. Compruebe que la mesa está encendida, sin silenciar (MUTE) y con el cable puesto.`,
    'microphone-silent': (name, _) => `${name}: el micro no da sonido. Compruebe el cable y su luz.`,
    'disk-ample': (_, value) => `Disco: da para ${value} h.`,
    'disk-short': (_, value) => `Disco: da para ${value} h, un pleno largo. Libere sitio para el siguiente.`,
    'disk-full': (_, value) => `Disco: solo da para ${value} h. Libere sitio antes del pleno.`,
    'clock-held': (_, __) => 'Reloj: en hora por la red.',
    'clock-free': (_, __) => 'Reloj: no se pone en hora por la red. Se graba igual; avise al soporte.',
    'clock-unknown': (_, __) =>
      'Reloj: este equipo no dice si se pone en hora por la red. Se graba igual; compare su hora con la del móvil.',
    'clock-apart': (_, value) =>
      `Reloj: va ${value.replace('-', '')} s ${value.startsWith('-') ? 'adelantado' : 'atrasado'} respecto del servidor.`,
    'store-good': (_, __) => 'Almacén: guardó, devolvió lo mismo, y su bloqueo aguanta.',
    'store-unlocked': (_, __) =>
      'Almacén: guardó y devolvió lo mismo, pero el bloqueo de la custodia falta o no aguanta. Se graba igual; avise al soporte.',
    'store-failed': (_, __) =>
      'Almacén: no se pudo guardar en él. Se graba igual en el disco y se sube después; compruebe la red y avise al soporte.',
    'not-enrolled': (_, __) =>
      'Este equipo no está dado de alta en el servidor: el almacén no se probó. Se da de alta con el código de la página «Grabadoras».',
  },
  unnamed: 'Cámara y sonido',
}
