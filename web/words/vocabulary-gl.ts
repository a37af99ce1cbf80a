/** Sentences of the page of words that a council says and a recognizer does not know, in Galician. vocabulary-es.ts has the same keys. */
export const vocabularyGl = {
  title: 'Palabras do concello',
  lead: 'Parroquias, rúas, empresas: o que se di nos plenos e un transcritor non coñece. Úsanse para oír mellor e, despois, para propoñer o nome cando unha palabra se oíu mal. Nunca se cambia nada só.',
  own: 'Unha palabra ou nome por liña',
  ownHint: 'Por exemplo: San Xoán do Alto, rúa do Souto, Aqualia. Ata 500.',
  save: 'Gardar',
  saved: 'Gardado. Vale para as próximas transcricións e para as propostas do editor desde xa.',
  conflict: 'Outra persoa cambiou a lista mentres vostede escribía. Mire as dúas e garde de novo.',
  tooMany: 'Son máis de 500 palabras, ou hai algunha de máis de 80 letras. Acurte a lista.',
  theirs: 'A lista gardada agora',
  known: 'Xa se coñecen, sen que faga falla escribilos',
  people: 'Membros',
  groups: 'Grupos',
  agenda: 'E os nomes propios e números de expediente da orde do día de cada sesión.',
  back: 'Volver á mesa',
}

export type VocabularyWords = typeof vocabularyGl
