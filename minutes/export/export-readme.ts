import type { ExportContents } from '../../storage/custody/manifests.ts'
import type { Council } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'

/** `LEAME.txt`: what the folder is and how to check it without us, in Galician and Spanish. */
export function exportReadme(council: Council, session: Session, kind: ExportContents['kind']): string {
  const day = new Intl.DateTimeFormat('gl-ES', { dateStyle: 'long', timeZone: council.timeZone }).format(session.convenedFor)
  const dia = new Intl.DateTimeFormat('es-ES', { dateStyle: 'long', timeZone: council.timeZone }).format(session.convenedFor)
  const mark = council.demo ? 'SINATURA DE PROBA, SEN VALOR LEGAL\n\n' : ''
  return `${mark}${galician(council.name, day, kind)}\n\n${'-'.repeat(72)}\n\n${spanish(council.name, dia, kind)}\n`
}

function galician(council: string, day: string, kind: ExportContents['kind']): string {
  return `${council}: sesión do Pleno do ${day}
${kind === 'custody' ? 'Copia completa' : 'Copia pública'}

acta.pdf                       a acta asinada (PDF/A; leva dentro acta-manifest.json)
recording/master.mp4           o vídeo conservado
recording/segments/            os segmentos orixinais, tal como se gravaron
recording/sealed/              o que se gravou a porta pechada, cifrado (age): ábreo quen ten a clave do concello
recording/journal.jsonl        o diario da gravadora: un segmento, un feito ou unha interrupción por liña
recording/tree.json            as sinaturas da gravadora durante a sesión, cos seus selos de tempo
recording/recorder-2/          o mesmo doutra gravadora, se houbo varias; o manifesto di cal fai fe en cada momento
recording-manifest.json        o resumo da gravación; .p7s é o selo do concello sobre el
transcript.json, captions.*    a transcrición e os subtítulos
events.jsonl                   o que se marcou na sesión
blocks.json                    os parágrafos da acta, cada un co seu sal
log/                           o rexistro do concello (C2SP tlog-tiles)
contents.json                  todos os ficheiros e o seu SHA-256; «withheld» son os que esta copia non amosa

COMO SE COMPROBA
Descargue verify.mjs e as áncoras de confianza da sede do concello, non desta copia, e execute:
    node verify.mjs ESTE_CARTAFOL --trust ANCORAS.json
Saída 0: auténtico. 1: non é auténtico, e di por que. 2: non se pode ler.

Sen programas nosos:
    openssl cms -verify -cades -binary -purpose any -inform DER -in recording-manifest.json.p7s \\
        -content recording-manifest.json -CAfile raiz.pem -out /dev/null
    openssl ts -verify -data log/checkpoint -in log/checkpoint.tst -token_in -CAfile raiz-selos.pem
    pdfsig acta.pdf
    sha256sum recording/master.mp4     (compare con recording-manifest.json)`
}

function spanish(council: string, day: string, kind: ExportContents['kind']): string {
  return `${council}: sesión del Pleno del ${day}
${kind === 'custody' ? 'Copia completa' : 'Copia pública'}

acta.pdf                       el acta firmada (PDF/A; lleva dentro acta-manifest.json)
recording/master.mp4           el vídeo conservado
recording/segments/            los segmentos originales, tal como se grabaron
recording/sealed/              lo grabado a puerta cerrada, cifrado (age): lo abre quien tiene la clave del concello
recording/journal.jsonl        el diario de la grabadora: un segmento, un hecho o una interrupción por línea
recording/tree.json            las firmas de la grabadora durante la sesión, con sus sellos de tiempo
recording/recorder-2/          lo mismo de otra grabadora, si hubo varias; el manifiesto dice cuál hace fe en cada momento
recording-manifest.json        el resumen de la grabación; .p7s es el sello del concello sobre él
transcript.json, captions.*    la transcripción y los subtítulos
events.jsonl                   lo que se marcó en la sesión
blocks.json                    los párrafos del acta, cada uno con su sal
log/                           el registro del concello (C2SP tlog-tiles)
contents.json                  todos los ficheros y su SHA-256; «withheld» son los que esta copia no muestra

CÓMO SE COMPRUEBA
Descargue verify.mjs y las anclas de confianza de la sede del concello, no de esta copia, y ejecute:
    node verify.mjs ESTA_CARPETA --trust ANCLAS.json
Salida 0: auténtico. 1: no es auténtico, y dice por qué. 2: no se puede leer.

Sin programas nuestros: las órdenes de arriba.`
}
