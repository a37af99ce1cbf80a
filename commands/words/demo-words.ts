import type { CommandLanguage } from '../command-io.ts'
import { demoEs } from './demo-es.ts'
import { type DemoWords, demoGl } from './demo-gl.ts'

export function demoWords(language: CommandLanguage): DemoWords {
  return language === 'es' ? demoEs : demoGl
}
