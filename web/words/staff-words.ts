import { accessEs } from './access-es.ts'
import { type AccessWords, accessGl } from './access-gl.ts'
import { chamberEs } from './chamber-es.ts'
import { type ChamberWords, chamberGl } from './chamber-gl.ts'
import { closedPartEs } from './closed-part-es.ts'
import { type ClosedPartWords, closedPartGl } from './closed-part-gl.ts'
import { conductEs } from './conduct-es.ts'
import { type ConductWords, conductGl } from './conduct-gl.ts'
import { controlEs } from './control-es.ts'
import { type ControlWords, controlGl } from './control-gl.ts'
import { differencesEs } from './differences-es.ts'
import { type DifferencesWords, differencesGl } from './differences-gl.ts'
import { editorEs } from './editor-es.ts'
import { type EditorWords, editorGl } from './editor-gl.ts'
import { microphonesEs } from './microphones-es.ts'
import { type MicrophonesWords, microphonesGl } from './microphones-gl.ts'
import { qualityEs } from './quality-es.ts'
import { type QualityWords, qualityGl } from './quality-gl.ts'
import { recordersEs } from './recorders-es.ts'
import { type RecordersWords, recordersGl } from './recorders-gl.ts'
import { signInEs } from './sign-in-es.ts'
import { type SignInWords, signInGl } from './sign-in-gl.ts'
import { vocabularyEs } from './vocabulary-es.ts'
import { type VocabularyWords, vocabularyGl } from './vocabulary-gl.ts'
import type { Dictionary } from './words.ts'

export const signInWords: Dictionary<SignInWords> = { gl: signInGl, es: signInEs }
export const qualityWords: Dictionary<QualityWords> = { gl: qualityGl, es: qualityEs }
export const controlWords: Dictionary<ControlWords> = { gl: controlGl, es: controlEs }
export const editorWords: Dictionary<EditorWords> = { gl: editorGl, es: editorEs }
export const conductWords: Dictionary<ConductWords> = { gl: conductGl, es: conductEs }
export const recordersWords: Dictionary<RecordersWords> = { gl: recordersGl, es: recordersEs }
export const closedPartWords: Dictionary<ClosedPartWords> = { gl: closedPartGl, es: closedPartEs }
export const microphonesWords: Dictionary<MicrophonesWords> = { gl: microphonesGl, es: microphonesEs }
export const vocabularyWords: Dictionary<VocabularyWords> = { gl: vocabularyGl, es: vocabularyEs }
export const accessWords: Dictionary<AccessWords> = { gl: accessGl, es: accessEs }
export const chamberWords: Dictionary<ChamberWords> = { gl: chamberGl, es: chamberEs }
export const differencesWords: Dictionary<DifferencesWords> = { gl: differencesGl, es: differencesEs }
