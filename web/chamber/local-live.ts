import type { Socket, Server as Sockets } from 'socket.io'
import { RoomLead } from '../control/room-lead.ts'
import { leadAct, roomRequest } from '../control/room-protocol.ts'
import { pinNeeded } from './chamber-protocol.ts'
import { type LocalParts, localSight } from './local-parts.ts'

const sightEveryMs = 2_000

interface LocalSocketData {
  session: string
  device: string | undefined
  name: string
  claims: boolean
}

/** The live line of the tablets while there is no server: what the recorder beside us proves, and what other tablets marked. */
export function localLive(sockets: Sockets, parts: Omit<LocalParts, 'tell'>): LocalParts['tell'] {
  const namespace = sockets.of('/sala')
  const leads = new Map<string, RoomLead>()
  namespace.use((socket, next) => {
    const asked = roomRequest.safeParse(socket.handshake.auth)
    const tablet = parts.signIn.identify(socket.handshake.headers.cookie)
    const room = asked.success ? parts.book.find(asked.data.council, asked.data.session) : undefined
    if (!tablet) return next(new Error(pinNeeded))
    if (!asked.success || !room) return next(new Error('this room is not open to you'))
    const { device, claims } = asked.data
    Object.assign(socket.data as object, { session: room.session.id, device, claims, name: tablet.person } satisfies LocalSocketData)
    next()
  })
  namespace.on('connection', (socket) => {
    const { session } = socket.data as LocalSocketData
    const lead = leads.get(session) ?? new RoomLead()
    leads.set(session, lead)
    follow(socket, lead, parts, () => namespace.to(session).emit('lead', lead.view()))
  })
  return (session, rows) => void namespace.to(session).emit('events', { rows })
}

/** Cuts every line below what a page takes for a farewell, so that it dials again. */
export function hangUp(sockets: Sockets): void {
  for (const socket of sockets.of('/sala').sockets.values()) socket.conn.close()
}

function follow(socket: Socket, lead: RoomLead, parts: Omit<LocalParts, 'tell'>, tellLead: () => void): void {
  const { session, device, name, claims } = socket.data as LocalSocketData
  const sight = () => socket.volatile.emit('sight', { serverMs: parts.serverNow(), recorder: localSight(parts), chamber: true })
  const deaf = parts.recorder.onProof(sight)
  const steady = setInterval(() => {
    sight()
    // Revoked, or past its time.
    if (!parts.signIn.identify(socket.handshake.headers.cookie)) socket.conn.close()
    if (lead.tick(Date.now())) tellLead()
  }, sightEveryMs)
  socket.on('clock', (_said: unknown, answer: unknown) => {
    if (typeof answer === 'function') answer(parts.serverNow())
  })
  socket.on('lead', (said: unknown) => {
    const act = leadAct.safeParse(said)
    if (!act.success || device === undefined) return
    if (act.data === 'ask') lead.ask({ device, name }, Date.now())
    else lead.answer(device, act.data === 'give', Date.now())
    tellLead()
  })
  socket.on('disconnect', () => {
    clearInterval(steady)
    deaf()
    if (device !== undefined) lead.left(device, Date.now())
    tellLead()
  })
  void socket.join(session)
  if (device !== undefined) lead.came({ device, name }, claims, Date.now())
  tellLead()
  sight()
}
