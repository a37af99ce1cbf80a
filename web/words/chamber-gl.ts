/** The chamber page without a line: its PIN, the way to trust it, and what the tablet says meanwhile. */
export const chamberGl = {
  pinTitle: 'Sen liña co servidor',
  pinIntro: 'A gravadora da sala segue traballando. Escriba o PIN desta tableta para mandar nela desde aquí.',
  pinLabel: 'PIN desta tableta',
  pinAct: 'Entrar',
  pinWrong: 'O PIN non é ese. Probe de novo.',
  pinWait: (minutes: number) =>
    `Probáronse demasiados PIN. Agarde ${minutes === 1 ? 'un minuto' : `${minutes} minutos`}. Se hai que parar a gravación antes, faise no equipo da sala: escano record stop.`,
  pinNoKey:
    'Esta tableta non ten clave para cando non hai liña. Cando volva a liña, abra a sala e prema «Preparar esta tableta». Mentres, a gravación pode pararse no equipo da sala: escano record stop.',
  pinUnknown: 'Esta tableta non pode mandar sen liña: deuse de baixa, ou a gravadora aínda non sabe dela. Use outra tableta preparada.',
  pinFailed: 'A gravadora non respondeu. Comprobe que a tableta está na rede da sala e probe de novo.',
  toPin: 'Escribir o PIN',
  pinAsked: 'Sen liña co servidor, pero a gravadora da sala responde. Co PIN desta tableta pode seguir mandando nela.',
  offline: (kept: number) =>
    kept === 0
      ? 'Sen liña co servidor. Manda directamente na gravadora da sala: pode gravar, pausar, parar e marcar coma sempre.'
      : `Sen liña co servidor. Manda directamente na gravadora da sala. ${kept === 1 ? 'Unha marca está gardada' : `${kept} marcas están gardadas`} nela e aquí, para enviar cando volva a liña.`,
  roomOnly: 'Sen liña co servidor, desde aquí só se pode abrir a sala. O demais volve coa liña.',
  keptHere: (count: number) => (count === 1 ? '1 marca na gravadora' : `${count} marcas na gravadora`),
  prepareTitle: 'Preparar esta tableta para cando non haxa liña',
  prepareNotice: 'Se cae a liña, esta tableta aínda non podería mandar na gravadora.',
  prepareLink: 'Preparar esta tableta',
  prepareIntro:
    'Se cae a liña durante un pleno, a gravadora da sala segue gravando e esta tableta segue mandando nela. Para iso escolla un PIN. Pediráselle só cando non haxa liña.',
  prepareNew: 'PIN novo, de 6 a 12 cifras',
  prepareAgain: 'O mesmo PIN outra vez',
  prepareAct: 'Gardar o PIN',
  prepareUnequal: 'Os dous PIN non son iguais.',
  prepareShape: 'O PIN ten de 6 a 12 cifras, e só cifras.',
  prepareDone:
    'Feito. Esta tableta pode mandar na gravadora tamén sen liña. O PIN non se pode recuperar: se o esquece, escolla outro aquí mesmo.',
  prepareFailed: 'Non se puido gardar. Comprobe a liña e probe de novo.',
  prepareNoTablet: 'Isto faise nunha tableta dada de alta, non nun navegador onde se entrou con contrasinal.',
  backToRoom: 'Volver á sala',
  trustTitle: 'A páxina da sala',
  trustIntro:
    'O equipo que grava na sala serve tamén a páxina da tableta pola rede do concello. Así segue funcionando cando cae a liña con Internet. Hai que facelo unha vez en cada tableta.',
  trustNone:
    'Ningunha gravadora serve aínda a páxina da sala. Acéndaa e agarde un minuto; se segue sen saír, comprobe no equipo que ningún outro programa usa o porto 8443.',
  trustOf: (name: string) => `Gravadora «${name}»`,
  trustStep1: 'Na tableta, abra este código coa cámara: descarga o certificado da sala.',
  trustStep2: 'Instáleo, coma se di abaixo para cada tipo de tableta.',
  trustStep3: 'Na tableta, abra o enderezo da páxina da sala:',
  trustStep4: 'Escriba alí o código que lle dá a páxina «Tabletas», e escolla un PIN cando llo pida.',
  trustDownload: 'Descargar o certificado da sala',
  trustQr: 'Código QR do certificado da sala',
  trustPrint: (print: string) => `Pegada do certificado (SHA-256): ${print}`,
  trustHowTitle: 'Instalar o certificado',
  trustHow: [
    [
      'iPad',
      'Axustes → Perfil descargado → Instalar. Despois: Axustes → Xeral → Información → Confianza nos certificados → acenda o da sala.',
    ],
    ['Android', 'Axustes → Seguridade → Máis → Instalar un certificado → Certificado de CA → escolla o ficheiro descargado.'],
    ['Windows', 'Dobre clic no ficheiro → Instalar certificado → Usuario actual → Entidades de certificación raíz de confianza.'],
  ] as readonly (readonly [string, string])[],
  trustLimits:
    'Este certificado só serve para enderezos da rede local (10.x, 172.16-31.x, 192.168.x) e para «localhost»: non pode facerse pasar por ningunha web de Internet.',
}
export type ChamberWords = typeof chamberGl
