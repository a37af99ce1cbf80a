const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

/** Sentences of `escano models`. */
export const modelsGl = {
  folder: (folder: string) => `Cartafol dos modelos: ${folder}`,
  state: { present: 'instalado', missing: 'sen instalar', damaged: 'DANADO', unknown: 'sen suma coñecida, non se instala polo nome' },
  model: (name: string, state: string, bytes: number | null, languages: string, licence: string, path: string | undefined) =>
    `  ${name}: ${state}; ${bytes === null ? 'tamaño descoñecido' : megabytes(bytes)}; ${languages === '' ? 'calquera lingua' : languages}; ${licence}${path === undefined ? '' : `; ${path}`}`,
  downloading: (name: string, done: number, total: number) => `${name}: ${megabytes(done)} de ${megabytes(total)}`,
  installed: (name: string, path: string) => `${name} instalado e comprobado: ${path}`,
  already: (name: string, path: string) => `${name} xa estaba: ${path}`,
}

export type ModelsWords = typeof modelsGl
