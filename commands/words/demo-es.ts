import type { DemoStep } from '../demo/play-demo.ts'
import type { DemoWords } from './demo-gl.ts'

const steps: Record<DemoStep, string> = {
  record: 'grabando la sesión de muestra',
  close: 'cerrando la grabación bajo sello',
  transcribe: 'transcribiendo',
  draft: 'redactando el acta',
  approve: 'aprobando el acta en una segunda sesión',
  sign: 'firmando: secretaría y alcaldía',
  keep: 'guardando en el libro y en el registro',
  publish: 'publicando',
  verify: 'comprobando todo desde fuera',
}

/** Sentences of `escano start` and `escano demo`, in Spanish. */
export const demoEs: DemoWords = {
  step: (step, percent) => `  ${steps[step]}${percent === undefined ? '' : ` · ${percent} %`}`,
  opening: 'Escano arranca…',
  buildingPages: 'Se construyen las páginas…',
  noCouncil:
    'No hay ningún concello configurado: se abre el de muestra, Concello de Vilariño do Monte (inventado), y se hace todo el camino con su sesión.',
  accounts: 'Cuentas que solo existen en la demostración:',
  account: (login, password) => `  ${login.padEnd(12)} ${password}`,
  session: (address) => `Sesión de muestra, comprobada: ${address}`,
  council: (address) => `Concello de muestra:           ${address}`,
  signIn: (address) => `Entrada de la secretaría:      ${address}`,
  serving: (address) => `Escano está en marcha: ${address}`,
  stopHint: 'Ctrl-C lo para todo.',
  stopping: 'Parando todo…',
  trouble: (line) => `aviso: ${line}`,
  result: (out) => `Hecho: la sesión de muestra verifica. Todo está en ${out}`,
  outThere: (out) => `${out} ya existe; indique una carpeta nueva.`,
  waitingForEnrolment: (path) => `Esta grabadora espera su alta en ${path}`,
}
