import type { ChamberWords } from './chamber-gl.ts'

export const chamberEs: ChamberWords = {
  pinTitle: 'Sin línea con el servidor',
  pinIntro: 'La grabadora de la sala sigue trabajando. Escriba el PIN de esta tableta para mandar en ella desde aquí.',
  pinLabel: 'PIN de esta tableta',
  pinAct: 'Entrar',
  pinWrong: 'El PIN no es ese. Pruebe de nuevo.',
  pinWait: (minutes: number) =>
    `Se probaron demasiados PIN. Espere ${minutes === 1 ? 'un minuto' : `${minutes} minutos`}. Si hay que parar la grabación antes, se hace en el equipo de la sala: escano record stop.`,
  pinNoKey:
    'Esta tableta no tiene clave para cuando no hay línea. Cuando vuelva la línea, abra la sala y pulse «Preparar esta tableta». Mientras, la grabación puede pararse en el equipo de la sala: escano record stop.',
  pinUnknown: 'Esta tableta no puede mandar sin línea: se dio de baja, o la grabadora aún no sabe de ella. Use otra tableta preparada.',
  pinFailed: 'La grabadora no respondió. Compruebe que la tableta está en la red de la sala y pruebe de nuevo.',
  toPin: 'Escribir el PIN',
  pinAsked: 'Sin línea con el servidor, pero la grabadora de la sala responde. Con el PIN de esta tableta puede seguir mandando en ella.',
  offline: (kept: number) =>
    kept === 0
      ? 'Sin línea con el servidor. Manda directamente en la grabadora de la sala: puede grabar, pausar, parar y marcar como siempre.'
      : `Sin línea con el servidor. Manda directamente en la grabadora de la sala. ${kept === 1 ? 'Una marca está guardada' : `${kept} marcas están guardadas`} en ella y aquí, para enviar cuando vuelva la línea.`,
  roomOnly: 'Sin línea con el servidor, desde aquí solo se puede abrir la sala. Lo demás vuelve con la línea.',
  keptHere: (count: number) => (count === 1 ? '1 marca en la grabadora' : `${count} marcas en la grabadora`),
  prepareTitle: 'Preparar esta tableta para cuando no haya línea',
  prepareNotice: 'Si cae la línea, esta tableta aún no podría mandar en la grabadora.',
  prepareLink: 'Preparar esta tableta',
  prepareIntro:
    'Si cae la línea durante un pleno, la grabadora de la sala sigue grabando y esta tableta sigue mandando en ella. Para eso elija un PIN. Se le pedirá solo cuando no haya línea.',
  prepareNew: 'PIN nuevo, de 6 a 12 cifras',
  prepareAgain: 'El mismo PIN otra vez',
  prepareAct: 'Guardar el PIN',
  prepareUnequal: 'Los dos PIN no son iguales.',
  prepareShape: 'El PIN tiene de 6 a 12 cifras, y solo cifras.',
  prepareDone:
    'Hecho. Esta tableta puede mandar en la grabadora también sin línea. El PIN no se puede recuperar: si lo olvida, elija otro aquí mismo.',
  prepareFailed: 'No se pudo guardar. Compruebe la línea y pruebe de nuevo.',
  prepareNoTablet: 'Esto se hace en una tableta dada de alta, no en un navegador donde se entró con contraseña.',
  backToRoom: 'Volver a la sala',
  trustTitle: 'La página de la sala',
  trustIntro:
    'El equipo que graba en la sala sirve también la página de la tableta por la red del ayuntamiento. Así sigue funcionando cuando cae la línea con Internet. Hay que hacerlo una vez en cada tableta.',
  trustNone:
    'Ninguna grabadora sirve todavía la página de la sala. Enciéndala y espere un minuto; si sigue sin salir, compruebe en el equipo que ningún otro programa usa el puerto 8443.',
  trustOf: (name: string) => `Grabadora «${name}»`,
  trustStep1: 'En la tableta, abra este código con la cámara: descarga el certificado de la sala.',
  trustStep2: 'Instálelo, como se dice abajo para cada tipo de tableta.',
  trustStep3: 'En la tableta, abra la dirección de la página de la sala:',
  trustStep4: 'Escriba allí el código que le da la página «Tabletas», y elija un PIN cuando se lo pida.',
  trustDownload: 'Descargar el certificado de la sala',
  trustQr: 'Código QR del certificado de la sala',
  trustPrint: (print: string) => `Huella del certificado (SHA-256): ${print}`,
  trustHowTitle: 'Instalar el certificado',
  trustHow: [
    [
      'iPad',
      'Ajustes → Perfil descargado → Instalar. Después: Ajustes → General → Información → Confianza en los certificados → encienda el de la sala.',
    ],
    ['Android', 'Ajustes → Seguridad → Más → Instalar un certificado → Certificado de CA → elija el archivo descargado.'],
    ['Windows', 'Doble clic en el archivo → Instalar certificado → Usuario actual → Entidades de certificación raíz de confianza.'],
  ],
  trustLimits:
    'Este certificado solo sirve para direcciones de la red local (10.x, 172.16-31.x, 192.168.x) y para «localhost»: no puede hacerse pasar por ninguna web de Internet.',
}
