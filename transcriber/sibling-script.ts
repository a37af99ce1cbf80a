import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Path of a program of ours that lies beside a module: TypeScript in a clone (Node strips its types), JavaScript in the image. */
export function siblingScript(moduleUrl: string, name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(new URL(moduleUrl).pathname)}`, moduleUrl))
}
