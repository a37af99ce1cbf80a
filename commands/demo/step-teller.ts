import type { CommandIo } from '../command-io.ts'
import type { DemoWords } from '../words/demo-gl.ts'
import type { DemoStep } from './play-demo.ts'

/** Tells each step once, and a long one again at every tenth part of it. */
export function stepTeller(io: Pick<CommandIo, 'say'>, words: DemoWords): (step: DemoStep, done?: number, total?: number) => void {
  let told = ''
  return (step, done, total) => {
    const percent = done === undefined || total === undefined || total === 0 ? undefined : Math.floor((done / total) * 10) * 10
    const line = words.step(step, percent)
    if (line === told) return
    told = line
    io.say(line)
  }
}
