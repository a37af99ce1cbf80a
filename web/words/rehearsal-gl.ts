/** What a rehearsal found, in Galician: for the page of the recorders and for `escano rehearse`. rehearsal-es.ts has the same keys. */
export const rehearsalGl = {
  title: 'Último ensaio',
  never: 'aínda non fixo ningún ensaio. Faino soa dúas horas antes de cada pleno convocado; no equipo da sala: escano rehearse.',
  short: { ready: 'Listo', look: 'Pódese gravar', bad: 'Non está listo' },
  neverHere: 'Aínda non se fixo ningún ensaio. O equipo faino só dúas horas antes do pleno.',
  moreToMend: (n: number): string => (n === 1 ? 'e 1 cousa máis' : `e ${n} cousas máis`),
  ready: 'Todo listo para gravar.',
  readyBut: (looks: number) => (looks === 1 ? 'Pódese gravar; hai 1 cousa que mirar.' : `Pódese gravar; hai ${looks} cousas que mirar.`),
  notReady: (bad: number) =>
    bad === 1
      ? 'NON ESTÁ LISTO: hai 1 cousa que arranxar antes do pleno.'
      : `NON ESTÁ LISTO: hai ${bad} cousas que arranxar antes do pleno.`,
  wentWell: (things: number) => (things === 1 ? '1 comprobación boa' : `${things} comprobacións boas`),
  grades: { good: 'ben', look: 'mire', bad: 'ARRANXE' },
  forSupport: (detail: string) => `para o soporte: ${detail}`,
  running: (seconds: number) => `ensaiando: grávase durante ${seconds} s. Fale alguén por cada micro…`,
  refused: (why: string) => `agora non se pode ensaiar: ${why}`,
  noSource: 'falta --source ENDEREZO (ou ESCANO_RECORDER_CHAMBER, ESCANO_RECORDER_SOURCE): de onde veñen a imaxe e o son.',
  findings: {
    'source-recorded': (name: string, value: string): string => `${name}: gravou ${value} s, e o gravado descodifícase enteiro.`,
    'source-failed': (name: string, _: string): string => `${name}: non chega nada. Comprobe que está acesa e co cable posto.`,
    'source-broken': (name: string, value: string): string => `${name}: ${value} anacos gravados non se descodifican. Avise ao soporte.`,
    'picture-seen': (name: string, _: string): string => `${name}: chega imaxe.`,
    'no-picture': (name: string, _: string): string => `${name}: non chega imaxe. Comprobe a cámara e o seu cable.`,
    'black-picture': (name: string, _: string): string => `${name}: a imaxe está negra. Mire que non estea tapada e que haxa luz.`,
    'frozen-picture': (name: string, _: string): string => `${name}: a imaxe está conxelada. Apague e acenda a cámara.`,
    'key-pictures-far': (name: string, value: string): string =>
      `${name}: as imaxes clave van cada ${value} s. Poña na cámara 2 s ou menos (GOP, I-frame interval).`,
    'sound-heard': (name: string, value: string): string => `${name}: chega son (ata ${value} dB).`,
    'sound-low': (name: string, value: string): string =>
      `${name}: case non se oíu nada (${value} dB). Se alguén falou por el, suba o volume; se non, probe de novo falando.`,
    clipping: (name: string, _: string): string => `${name}: o son chega demasiado alto e rompe. Baixe a saída da mesa de son.`,
    'no-sound': (name: string, _: string): string =>
      `${name}: non chega son ningún. Comprobe que a mesa está acesa, sen silenciar (MUTE) e co cable posto.`,
    'microphone-silent': (name: string, _: string): string => `${name}: o micro non dá son. Comprobe o cable e a súa luz.`,
    'disk-ample': (_: string, value: string): string => `Disco: dá para ${value} h.`,
    'disk-short': (_: string, value: string): string => `Disco: dá para ${value} h, un pleno longo. Libere sitio para o seguinte.`,
    'disk-full': (_: string, value: string): string => `Disco: só dá para ${value} h. Libere sitio antes do pleno.`,
    'clock-held': (_: string, __: string): string => 'Reloxo: en hora pola rede.',
    'clock-free': (_: string, __: string): string => 'Reloxo: non se pon en hora pola rede. Grávase igual; avise ao soporte.',
    'clock-unknown': (_: string, __: string): string =>
      'Reloxo: este equipo non di se se pon en hora pola rede. Grávase igual; compare a súa hora coa do móbil.',
    'clock-apart': (_: string, value: string): string =>
      `Reloxo: vai ${value.replace('-', '')} s ${value.startsWith('-') ? 'adiantado' : 'atrasado'} respecto do servidor.`,
    'store-good': (_: string, __: string): string => 'Almacén: gardou, devolveu o mesmo, e o seu bloqueo aguanta.',
    'store-unlocked': (_: string, __: string): string =>
      'Almacén: gardou e devolveu o mesmo, pero o bloqueo da custodia falta ou non aguanta. Grávase igual; avise ao soporte.',
    'store-failed': (_: string, __: string): string =>
      'Almacén: non se puido gardar nel. Grávase igual no disco e súbese despois; comprobe a rede e avise ao soporte.',
    'not-enrolled': (_: string, __: string): string =>
      'Este equipo non está dado de alta no servidor: o almacén non se probou. Dáse de alta co código da páxina «Gravadoras».',
  },
  unnamed: 'Cámara e son',
}

export type RehearsalWords = typeof rehearsalGl
