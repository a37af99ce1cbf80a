import type { ModelsWords } from './models-gl.ts'

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

/** Sentences of `escano models`. */
export const modelsEs: ModelsWords = {
  folder: (folder) => `Carpeta de los modelos: ${folder}`,
  state: { present: 'instalado', missing: 'sin instalar', damaged: 'DAÑADO', unknown: 'sin suma conocida, no se instala por su nombre' },
  model: (name, state, bytes, languages, licence, path) =>
    `  ${name}: ${state}; ${bytes === null ? 'tamaño desconocido' : megabytes(bytes)}; ${languages === '' ? 'cualquier lengua' : languages}; ${licence}${path === undefined ? '' : `; ${path}`}`,
  downloading: (name, done, total) => `${name}: ${megabytes(done)} de ${megabytes(total)}`,
  installed: (name, path) => `${name} instalado y comprobado: ${path}`,
  already: (name, path) => `${name} ya estaba: ${path}`,
}
