import type { Request } from 'express'
import type { WebConfig } from '../config.ts'

/** Who asks for passkeys (WebAuthn §5.1.3): the domain they are bound to, and the one origin their answers may come from. */
export interface RelyingParty {
  id: string
  origin: string
}

/**
 * The configuration's public address; without one only `localhost`, so that no `Host` header ever chooses. Undefined when passkeys cannot
 * be used here: an address of numbers, plain http elsewhere than on this machine, or a page opened under another name.
 */
export function relyingParty(request: Request, config: Pick<WebConfig, 'publicUrl'>): RelyingParty | undefined {
  const asked = `${request.protocol}://${request.get('Host')}`
  const { hostname, origin, protocol } = new URL(config.publicUrl ?? asked)
  const local = hostname === 'localhost'
  if (config.publicUrl === undefined && !local) return undefined
  if (!local && (protocol !== 'https:' || /^[\d.]+$|^\[/.test(hostname))) return undefined
  return { id: hostname, origin }
}
