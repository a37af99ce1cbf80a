import type { PortalWords } from './portal-gl.ts'

export const portalEs: PortalWords = {
  homeTitle: 'Plenos del ayuntamiento',
}
