/** The light build has the shapes of the whole one, and ships no declaration of its own. */
declare module 'hls.js/light' {
  import Hls from 'hls.js'

  export type {
    ErrorData,
    FragmentLoaderConstructor,
    FragmentLoaderContext,
    HlsConfig,
    LoaderCallbacks,
    LoaderConfiguration,
    LoaderResponse,
    LoaderStats,
  } from 'hls.js'
  // biome-ignore lint/style/noDefaultExport: the library's own
  export default Hls
}
