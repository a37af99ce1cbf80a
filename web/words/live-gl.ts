/** Sentences of the live view, in Galician. live-es.ts has the same keys. */
export const liveGl = {
  title: (session: string): string => `En directo: ${session}`,
  back: 'Volver aos plenos',
  watch: 'Ver en directo',
  video: 'O pleno en directo',
  notSealed:
    'En directo, aínda sen selar: vese con 30 segundos de atraso ou máis. Cada anaco compróbase coa pegada que anotou a gravadora; a proba completa chega coa acta asinada.',
  noScript: 'Para ver o pleno en directo fai falta JavaScript. Cando remate, a gravación e a acta publícanse na páxina do concello.',
  trouble: 'Cortouse a imaxe. Tentámolo outra vez sós.',
  lost: 'Non chega a páxina do concello: sen ela non se amosa nada. Comprobe a súa conexión.',
  item: (number: number, title: string): string => `Punto ${number}. ${title}`,
  speaker: (name: string): string => `Fala ${name}`,
  captions: 'O último que se dixo (subtítulos automáticos)',
  captionsHelp: 'Escríbeos unha máquina, con atraso e con erros, e ninguén os revisou. O que vale é a acta.',
  phases: {
    live: 'En directo, con 30 segundos de atraso ou máis.',
    waiting: 'A emisión comeza nuns segundos.',
    stopped: 'A emisión está detida. A gravación non depende dela.',
    closed: 'A sesión está pechada ao público: desta parte non se emite nada.',
    recess: 'A sesión está en receso. A emisión volve con ela.',
    before: 'A sesión aínda non comezou.',
    over: 'Rematou a emisión. A gravación e a acta publícanse na páxina do concello.',
  },
}

export type LiveWords = typeof liveGl
