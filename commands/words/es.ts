import type { CommandWords } from './gl.ts'

/** Every sentence of the command line, in Spanish. */
export const es: CommandWords = {
  overview: `Escano: graba el pleno, escribe el acta y lo prueba.

  escano start                 prepara lo que falta y arranca todo en esta máquina
  escano doctor                dice qué hay, qué falta y qué hacer
  escano demo --out CARPETA    todo el camino, sin nadie, con la sesión de muestra
  escano record                solo la grabadora
  escano rehearse              prueba cámara, micros, disco, reloj y almacén antes del pleno
  escano transcribe FICHERO    audio o vídeo a texto por persona
  escano score                 mide una transcripción contra su referencia
  escano verify RUTA           comprueba una exportación, un acta o un fragmento
  escano export SESIÓN         la carpeta completa de una sesión
  escano import FICHERO        una grabación antigua de este equipo pasa a ser una sesión
  escano closed-part open       abre las partes cerradas de una exportación con su clave
  escano reconcile             mira que todo lo grabado esté en el almacén
  escano models                modelos de reconocimiento

«escano VERBO --help» explica cada uno. Con --json la salida es solo JSON.`,
  help: {
    start: `escano start

Prepara lo que falta y arranca las partes de ESCANO_PARTS (web,minutes,transcriber,recorder; todas si no se dice). Sin ningún ayuntamiento
configurado abre el ayuntamiento de muestra. Ctrl-C para todo.`,
    doctor: `escano doctor [--json]

Mira lo que hay instalado, lo que falta y qué hacer. Salida 1 si falta algo necesario.`,
    demo: `escano demo --out CARPETA [--json]

Hace todo el camino con la sesión de muestra: graba, transcribe, redacta, firma y verifica. Salida 0 solo si el resultado verifica.`,
    record: `escano record --source URL|FICHERO --out CARPETA [--seconds N] [--json]
escano record [--enrol CÓDIGO --server DIRECCIÓN [--name NOMBRE]] [--source URL|FICHERO]
escano record stop

Con --out, sólo la grabadora: graba la fuente en una carpeta hasta que se le dice que pare, o N segundos.
Sin --out, la grabadora de la sala, que obedece a la tableta. Con --enrol se da de alta con un código de la página «Grabadoras» y, si hay
un pleno grabándose, se suma a él: cualquier portátil sirve de repuesto. «stop» para la grabación de este equipo.`,
    rehearse: `escano rehearse [--source URL|FICHERO] [--seconds N] [--json]

Abre cada fuente de la sala (ESCANO_RECORDER_CHAMBER o ESCANO_RECORDER_SOURCE), graba 20 segundos, los descodifica, mide cada micro, mira
el disco y el reloj, y guarda algo en el almacén y lo lee de vuelta. Si la grabadora ya corre en este equipo, lo hace ella. Salida 1 si
hay algo que arreglar antes del pleno.`,
    transcribe: `escano transcribe FICHERO --out CARPETA [--microphones F.jsonl] [--seats F.json] [--language gl|es|auto] [--model RUTA|NOMBRE] [--json]

Escribe transcript.json, transcript.stm, speakers.rttm, words.ctm y captions.vtt.`,
    score: `escano score --reference R --hypothesis H [--json]

Mide WER y cpWER (STM) o DER (RTTM).`,
    verify: `escano verify RUTA [--trust FICHERO] [--json]

RUTA es una carpeta de exportación, un acta.pdf o un fragmento. Salida 0: auténtico; 1: no es auténtico; 2: no se puede leer.`,
    import: `escano import FICHERO --day AAAA-MM-DD [--time HH:MM] [--council DIRECCIÓN] [--kind ordinary|extraordinary|extraordinary-urgent] [--place TEXTO] [--language gl|es] [--json]

Copia una grabación antigua que está en esta máquina y la hace sesión, como la página «Importar una grabación antigua». Cortada a medias no
deja nada. --council solo hace falta si hay más de un ayuntamiento.`,
    reconcile: `escano reconcile [--everything] [--json]

Compara lo que grabó cada grabadora con lo que hay en el almacén y no cambia nada: falta, cambiado, doble, sin confirmar. Se hace solo
cada día. --everything lee de nuevo también las sesiones viejas. Salida 0 si todo cuadra, 1 si hay algo que mirar.`,
    export: `escano export SESIÓN --out CARPETA [--json]

Escribe la carpeta completa de una sesión, que se abre y se comprueba sin Escano.`,
    'closed-part': `escano closed-part open CARPETA --identity FICHERO --out CARPETA [--json]

Descifra lo que se grabó de las partes cerradas de una exportación completa. FICHERO guarda la clave privada (AGE-SECRET-KEY-1…), como la
escribe age-keygen. Cada segmento se comprueba antes con el cuaderno de la grabadora. Lo que sale es secreto: guárdelo y bórrelo como tal.`,
    models: `escano models list | install NOMBRE [--from FICHERO] | verify [--json]

list      los modelos que conoce y cuáles hay
install   descarga un modelo, o lo copia de FICHERO, y comprueba su resumen SHA-256
verify    comprueba los que hay`,
  },
  usage: {
    unknownVerb: (verb) => `no sé hacer «${verb}»; «escano --help» dice lo que hay.`,
    seeHelp: (verb) => `(escano ${verb} --help)`,
    missing: (place) => `falta ${place}.`,
    superfluous: (word) => `sobra «${word}».`,
    unknownOption: (option) => `no conozco la opción ${option}.`,
    badOption: (option) => `la opción ${option} está mal escrita o le falta el valor.`,
    badNumber: (option, from, to) => `${option} pide un número entero entre ${from} y ${to}.`,
  },
  errors: {
    unknown: (detail) => `falló: ${detail}`,
    byName: {
      ConfigError: (detail) => `la configuración no sirve: ${detail}`,
      FfmpegMissingError: (detail) => `no hay un ffmpeg que sirva (instale ffmpeg 5.1 o posterior, o indique FFMPEG_PATH): ${detail}`,
      EnrolmentError: (detail) => `no se pudo dar de alta este equipo: ${detail}`,
      RecorderAbsentError: (detail) => `ninguna grabadora responde en este equipo; si la hay, arránquela: ${detail}`,
      FolderInUseError: (detail) => `otro proceso ya está usando esa carpeta: ${detail}`,
      DiskFullError: (detail) => `el disco está demasiado lleno para empezar: ${detail}`,
      DataInUseError: (detail) => `ya hay un Escano en marcha con estos datos: ${detail}`,
      PortBusyError: (detail) => `el puerto ya está ocupado: ${detail}`,
      DatabaseUnavailableError: (detail) => `la base de datos no responde: ${detail}`,
      DatabaseStartError: (detail) => `la base de datos no arrancó: ${detail}`,
      DatabaseVersionError: (detail) => `la base de datos es de otra versión: ${detail}`,
      PostgresMissingError: (detail) => `falta PostgreSQL: ${detail}`,
      StoreUnavailableError: (detail) => `el almacén de objetos no responde: ${detail}`,
      SourceUnreadableError: (detail) => `no se puede leer la fuente: ${detail}`,
      MediaUnreadableError: (detail) => `no se puede leer el vídeo o el audio: ${detail}`,
      ModelMissingError: (detail) => `falta el modelo («escano models list» dice cuáles hay): ${detail}`,
      ModelRefusedError: (detail) => `el modelo no es el que debía y no se usa: ${detail}`,
      EvidenceError: (detail: string) => `las pruebas de quién habló no se entienden: ${detail}`,
      FormatError: (detail: string) => `el fichero no tiene el formato que debía: ${detail}`,
      AudioUnreadableError: (detail: string) => `no se puede leer el sonido: ${detail}`,
      VoiceActivityError: (detail: string) => `no se pudo buscar dónde hay habla: ${detail}`,
      NoEngineError: (detail: string) => `ningún motor de transcripción funciona en este equipo: ${detail}`,
      ModelDownloadError: (detail) => `no se pudo traer el modelo: ${detail}`,
      PagesError: (detail) => `no se pudieron construir las páginas: ${detail}`,
    },
    byCode: {
      ENOENT: (detail) => `no existe: ${detail}`,
      EACCES: (detail) => `sin permiso: ${detail}`,
      EPERM: (detail) => `sin permiso: ${detail}`,
      EISDIR: (detail) => `es una carpeta y se esperaba un fichero: ${detail}`,
      ENOTDIR: (detail) => `no es una carpeta: ${detail}`,
      ENOSPC: (detail) => `el disco está lleno; haga sitio y vuelva a intentarlo: ${detail}`,
      EROFS: (detail) => `el disco es solo de lectura: ${detail}`,
      EADDRINUSE: (detail) => `el puerto ya está ocupado: ${detail}`,
      ECONNREFUSED: (detail) => `nadie responde en esa dirección: ${detail}`,
      ERR_MODULE_NOT_FOUND: (detail) => `falta una parte de Escano: ${detail}`,
    },
  },
}
