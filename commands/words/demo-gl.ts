import type { DemoStep } from '../demo/play-demo.ts'

const steps: Record<DemoStep, string> = {
  record: 'gravando a sesión de mostra',
  close: 'pechando a gravación baixo selo',
  transcribe: 'transcribindo',
  draft: 'redactando a acta',
  approve: 'aprobando a acta nunha segunda sesión',
  sign: 'asinando: secretaría e alcaldía',
  keep: 'gardando no libro e no rexistro',
  publish: 'publicando',
  verify: 'comprobando todo desde fóra',
}

/** Sentences of `escano start` and `escano demo`, in Galician. */
export const demoGl = {
  step: (step: DemoStep, percent?: number) => `  ${steps[step]}${percent === undefined ? '' : ` · ${percent} %`}`,
  opening: 'Escano arrinca…',
  buildingPages: 'Constrúense as páxinas…',
  noCouncil:
    'Non hai ningún concello configurado: ábrese o de mostra, Concello de Vilariño do Monte (inventado), e faise todo o camiño coa súa sesión.',
  accounts: 'Contas que só existen na demostración:',
  account: (login: string, password: string) => `  ${login.padEnd(12)} ${password}`,
  session: (address: string) => `Sesión de mostra, comprobada: ${address}`,
  council: (address: string) => `Concello de mostra:           ${address}`,
  signIn: (address: string) => `Entrada da secretaría:        ${address}`,
  serving: (address: string) => `Escano está en marcha: ${address}`,
  stopHint: 'Ctrl-C párao todo.',
  stopping: 'Parando todo…',
  trouble: (line: string) => `aviso: ${line}`,
  result: (out: string) => `Feito: a sesión de mostra verifica. Todo está en ${out}`,
  outThere: (out: string) => `${out} xa existe; indique un cartafol novo.`,
  waitingForEnrolment: (path: string) => `Esta gravadora agarda a súa alta en ${path}`,
}
export type DemoWords = typeof demoGl
