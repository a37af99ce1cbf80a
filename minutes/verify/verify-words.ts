import type { CheckCode } from './check-codes.ts'

/** What the verifier says in Galician; checks of the PDF itself are named by their code. */
const gl = {
  testMark: 'SINATURA DE PROBA, SEN VALOR LEGAL',
  authentic: 'AUTÉNTICO: todas as comprobacións son correctas.',
  notAuthentic: (failed: number) => `NON É AUTÉNTICO: ${failed === 1 ? 'unha comprobación falla' : `${failed} comprobacións fallan`}.`,
  unreadable: (path: string) => `${path} non é unha exportación nin unha acta, ou non se pode ler.`,
  usage: 'uso: node verify.mjs CARTAFOL|ACTA.pdf --trust FICHEIRO [--json]',
  noTrust: 'Falta --trust FICHEIRO: as áncoras de confianza nunca saen do que se comproba.',
  ownHash: (hash: string) => `verify.mjs, SHA-256 ${hash}`,
  foundInside:
    'Este verify.mjs estaba dentro dunha exportación: quen a fixo tamén puido facelo a el. Descárgueo doutro sitio e compare o seu resumo.',
  checks: {
    contents: 'lista de ficheiros',
    identity: 'concello e sesión',
    'recording-manifest': 'manifesto da gravación',
    'recording-seal': 'selo do concello sobre a gravación',
    journal: 'diario da gravadora',
    tree: 'árbore da gravación',
    heads: 'sinaturas da gravadora durante a sesión',
    'head-tokens': 'selos de tempo durante a sesión',
    segments: 'segmentos da gravación',
    gaps: 'interrupcións',
    master: 'vídeo conservado',
    events: 'feitos da sesión',
    votes: 'votacións',
    transcript: 'transcrición',
    captions: 'subtítulos',
    'acta-manifest': 'manifesto da acta',
    'acta-blocks': 'parágrafos da acta',
    'acta-pdf': 'acta asinada',
    log: 'rexistro do concello',
    'log-checkpoint': 'sinatura do rexistro',
    'log-token': 'selo de tempo do rexistro',
    'log-inclusion': 'anotacións no rexistro',
    'anchor-unknown': 'áncora descoñecida',
  } satisfies Record<CheckCode, string> as Record<string, string>,
}
export type VerifyWords = typeof gl

const es: VerifyWords = {
  testMark: 'SINATURA DE PROBA, SEN VALOR LEGAL',
  authentic: 'AUTÉNTICO: todas las comprobaciones son correctas.',
  notAuthentic: (failed) => `NO ES AUTÉNTICO: ${failed === 1 ? 'falla una comprobación' : `fallan ${failed} comprobaciones`}.`,
  unreadable: (path) => `${path} no es una exportación ni un acta, o no se puede leer.`,
  usage: 'uso: node verify.mjs CARPETA|ACTA.pdf --trust FICHERO [--json]',
  noTrust: 'Falta --trust FICHERO: las anclas de confianza nunca salen de lo que se comprueba.',
  ownHash: (hash) => `verify.mjs, SHA-256 ${hash}`,
  foundInside:
    'Este verify.mjs estaba dentro de una exportación: quien la hizo también pudo hacerlo a él. Descárguelo de otro sitio y compare su resumen.',
  checks: {
    contents: 'lista de ficheros',
    identity: 'concello y sesión',
    'recording-manifest': 'manifiesto de la grabación',
    'recording-seal': 'sello del concello sobre la grabación',
    journal: 'diario de la grabadora',
    tree: 'árbol de la grabación',
    heads: 'firmas de la grabadora durante la sesión',
    'head-tokens': 'sellos de tiempo durante la sesión',
    segments: 'segmentos de la grabación',
    gaps: 'interrupciones',
    master: 'vídeo conservado',
    events: 'hechos de la sesión',
    votes: 'votaciones',
    transcript: 'transcripción',
    captions: 'subtítulos',
    'acta-manifest': 'manifiesto del acta',
    'acta-blocks': 'párrafos del acta',
    'acta-pdf': 'acta firmada',
    log: 'registro del concello',
    'log-checkpoint': 'firma del registro',
    'log-token': 'sello de tiempo del registro',
    'log-inclusion': 'anotaciones en el registro',
    'anchor-unknown': 'ancla desconocida',
  },
}

export const verifyWords = { gl, es }
