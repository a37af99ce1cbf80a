/** Every sentence of the command line, in Galician. Sentences of one verb alone stand in `<verb>-gl.ts`. */
export const gl = {
  overview: `Escano: grava o pleno, escribe a acta e próbao.

  escano start                 prepara o que falta e arrinca todo nesta máquina
  escano doctor                di que hai, que falta e que facer
  escano demo --out CARTAFOL   todo o camiño, sen ninguén, coa sesión de mostra
  escano record                só a gravadora
  escano rehearse              proba cámara, micros, disco, reloxo e almacén antes do pleno
  escano transcribe FICHEIRO   audio ou vídeo a texto por persoa
  escano score                 mide unha transcrición contra a súa referencia
  escano verify CAMIÑO         comproba unha exportación, unha acta ou un fragmento
  escano export SESIÓN         o cartafol completo dunha sesión
  escano import FICHEIRO       unha gravación antiga deste equipo pasa a ser unha sesión
  escano closed-part open       abre as partes pechadas dunha exportación coa súa clave
  escano reconcile             mira que todo o gravado estea no almacén
  escano models                modelos de recoñecemento

«escano VERBO --help» explica cada un. Con --json a saída é só JSON.`,
  help: {
    start: `escano start

Prepara o que falta e arrinca as partes de ESCANO_PARTS (web,minutes,transcriber,recorder; todas se non se di). Sen ningún concello
configurado abre o concello de mostra. Ctrl-C para todo.`,
    doctor: `escano doctor [--json]

Mira o que hai instalado, o que falta e que facer. Saída 1 se falta algo necesario.`,
    demo: `escano demo --out CARTAFOL [--json]

Fai todo o camiño coa sesión de mostra: grava, transcribe, redacta, asina e verifica. Saída 0 só se o resultado verifica.`,
    record: `escano record --source URL|FICHEIRO --out CARTAFOL [--seconds N] [--json]
escano record [--enrol CÓDIGO --server ENDEREZO [--name NOME]] [--source URL|FICHEIRO]
escano record stop

Con --out, só a gravadora: grava a fonte nun cartafol ata que se lle di que pare, ou N segundos.
Sen --out, a gravadora da sala, que obedece á tableta. Con --enrol dáse de alta cun código da páxina «Gravadoras» e, se hai un pleno
gravándose, súmase a el: calquera portátil serve de reposto. «stop» para a gravación deste equipo.`,
    rehearse: `escano rehearse [--source URL|FICHEIRO] [--seconds N] [--json]

Abre cada fonte da sala (ESCANO_RECORDER_CHAMBER ou ESCANO_RECORDER_SOURCE), grava 20 segundos, descodifícaos, mide cada micro, mira o
disco e o reloxo, e garda algo no almacén e léeo de volta. Se a gravadora xa corre neste equipo, faino ela. Saída 1 se hai algo que
arranxar antes do pleno.`,
    transcribe: `escano transcribe FICHEIRO --out CARTAFOL [--microphones F.jsonl] [--seats F.json] [--language gl|es|auto] [--model CAMIÑO|NOME] [--json]

Escribe transcript.json, transcript.stm, speakers.rttm, words.ctm e captions.vtt.`,
    score: `escano score --reference R --hypothesis H [--json]

Mide WER e cpWER (STM) ou DER (RTTM).`,
    verify: `escano verify CAMIÑO [--trust FICHEIRO] [--json]

CAMIÑO é un cartafol de exportación, unha acta.pdf ou un fragmento. Saída 0: auténtico; 1: non é auténtico; 2: non se pode ler.`,
    import: `escano import FICHEIRO --day AAAA-MM-DD [--time HH:MM] [--council ENDEREZO] [--kind ordinary|extraordinary|extraordinary-urgent] [--place TEXTO] [--language gl|es] [--json]

Copia unha gravación antiga que está nesta máquina e faina sesión, coma a páxina «Importar unha gravación antiga». Cortada a medias non
deixa nada. --council só fai falta se hai máis dun concello.`,
    reconcile: `escano reconcile [--everything] [--json]

Compara o que gravou cada gravadora co que hai no almacén e non cambia nada: falta, cambiado, dobre, sen confirmar. Faise só cada día.
--everything le de novo tamén as sesións vellas. Saída 0 se todo cadra, 1 se hai algo que mirar.`,
    export: `escano export SESIÓN --out CARTAFOL [--json]

Escribe o cartafol completo dunha sesión, que se abre e se comproba sen Escano.`,
    'closed-part': `escano closed-part open CARTAFOL --identity FICHEIRO --out CARTAFOL [--json]

Descifra o que se gravou das partes pechadas dunha exportación completa. FICHEIRO garda a clave privada (AGE-SECRET-KEY-1…), como a escribe
age-keygen. Cada segmento compróbase antes co caderno da gravadora. O que sae é secreto: gárdeo e bórreo como tal.`,
    models: `escano models list | install NOME [--from FICHEIRO] | verify [--json]

list      os modelos que coñece e cales hai
install   descarga un modelo, ou cópiao de FICHEIRO, e comproba o seu resumo SHA-256
verify    comproba os que hai`,
  },
  usage: {
    unknownVerb: (verb: string) => `non sei facer «${verb}»; «escano --help» di o que hai.`,
    seeHelp: (verb: string) => `(escano ${verb} --help)`,
    missing: (place: string) => `falta ${place}.`,
    superfluous: (word: string) => `sobra «${word}».`,
    unknownOption: (option: string) => `non coñezo a opción ${option}.`,
    badOption: (option: string) => `a opción ${option} está mal escrita ou fáltalle o valor.`,
    badNumber: (option: string, from: number, to: number) => `${option} pide un número enteiro entre ${from} e ${to}.`,
  },
  errors: {
    unknown: (detail: string) => `fallou: ${detail}`,
    byName: {
      ConfigError: (detail: string) => `a configuración non serve: ${detail}`,
      FfmpegMissingError: (detail: string) =>
        `non hai un ffmpeg que sirva (instale ffmpeg 5.1 ou posterior, ou indique FFMPEG_PATH): ${detail}`,
      EnrolmentError: (detail: string) => `non se puido dar de alta este equipo: ${detail}`,
      RecorderAbsentError: (detail: string) => `ningunha gravadora responde neste equipo; se a hai, arrínquea: ${detail}`,
      FolderInUseError: (detail: string) => `outro proceso xa está a usar ese cartafol: ${detail}`,
      DiskFullError: (detail: string) => `o disco está cheo de máis para comezar: ${detail}`,
      DataInUseError: (detail: string) => `xa hai un Escano en marcha con estes datos: ${detail}`,
      PortBusyError: (detail: string) => `o porto xa está ocupado: ${detail}`,
      DatabaseUnavailableError: (detail: string) => `a base de datos non responde: ${detail}`,
      DatabaseStartError: (detail: string) => `a base de datos non arrincou: ${detail}`,
      DatabaseVersionError: (detail: string) => `a base de datos é doutra versión: ${detail}`,
      PostgresMissingError: (detail: string) => `falta PostgreSQL: ${detail}`,
      StoreUnavailableError: (detail: string) => `o almacén de obxectos non responde: ${detail}`,
      SourceUnreadableError: (detail: string) => `non se pode ler a fonte: ${detail}`,
      MediaUnreadableError: (detail: string) => `non se pode ler o vídeo ou o audio: ${detail}`,
      ModelMissingError: (detail: string) => `falta o modelo («escano models list» di cales hai): ${detail}`,
      ModelRefusedError: (detail: string) => `o modelo non é o que debía e non se usa: ${detail}`,
      EvidenceError: (detail: string) => `as probas de quen falou non se entenden: ${detail}`,
      FormatError: (detail: string) => `o ficheiro non ten o formato que debía: ${detail}`,
      AudioUnreadableError: (detail: string) => `non se pode ler o son: ${detail}`,
      VoiceActivityError: (detail: string) => `non se puido buscar onde hai fala: ${detail}`,
      NoEngineError: (detail: string) => `ningún motor de transcrición funciona neste equipo: ${detail}`,
      ModelDownloadError: (detail: string) => `non se puido traer o modelo: ${detail}`,
      PagesError: (detail: string) => `non se puideron construír as páxinas: ${detail}`,
    },
    byCode: {
      ENOENT: (detail: string) => `non existe: ${detail}`,
      EACCES: (detail: string) => `sen permiso: ${detail}`,
      EPERM: (detail: string) => `sen permiso: ${detail}`,
      EISDIR: (detail: string) => `é un cartafol e esperábase un ficheiro: ${detail}`,
      ENOTDIR: (detail: string) => `non é un cartafol: ${detail}`,
      ENOSPC: (detail: string) => `o disco está cheo; faga sitio e volva tentalo: ${detail}`,
      EROFS: (detail: string) => `o disco é só de lectura: ${detail}`,
      EADDRINUSE: (detail: string) => `o porto xa está ocupado: ${detail}`,
      ECONNREFUSED: (detail: string) => `ninguén responde nese enderezo: ${detail}`,
      ERR_MODULE_NOT_FOUND: (detail: string) => `falta unha parte de Escano: ${detail}`,
    },
  },
}

export type CommandWords = typeof gl
