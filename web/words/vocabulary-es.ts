import type { VocabularyWords } from './vocabulary-gl.ts'

export const vocabularyEs: VocabularyWords = {
  title: 'Palabras del concello',
  lead: 'Parroquias, calles, empresas: lo que se dice en los plenos y un transcriptor no conoce. Se usan para oír mejor y, después, para proponer el nombre cuando una palabra se oyó mal. Nunca se cambia nada solo.',
  own: 'Una palabra o nombre por línea',
  ownHint: 'Por ejemplo: San Xoán do Alto, rúa do Souto, Aqualia. Hasta 500.',
  save: 'Guardar',
  saved: 'Guardado. Vale para las próximas transcripciones y para las propuestas del editor desde ya.',
  conflict: 'Otra persona cambió la lista mientras usted escribía. Mire las dos y guarde de nuevo.',
  tooMany: 'Son más de 500 palabras, o hay alguna de más de 80 letras. Acorte la lista.',
  theirs: 'La lista guardada ahora',
  known: 'Ya se conocen, sin que haga falta escribirlos',
  people: 'Miembros',
  groups: 'Grupos',
  agenda: 'Y los nombres propios y números de expediente del orden del día de cada sesión.',
  back: 'Volver a la mesa',
}
