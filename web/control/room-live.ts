import type { Namespace, Socket } from 'socket.io'
import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { findSession } from '../../storage/records/sessions.ts'
import { type Conductor, identifyConductor, mayComeFrom, mayConduct } from '../sign-in/conductor.ts'
import type { WebParts } from '../web-parts.ts'
import { recorderSight } from './chamber.ts'
import { RoomLead } from './room-lead.ts'
import { clockQuestion, leadAct, roomRequest } from './room-protocol.ts'

/** A tablet is told of the recorder this often even when nothing changes: silence then means that the line is gone. */
const sightEveryMs = 2_000

/** What the rest of the web needs of the live rooms. */
export interface LiveRooms {
  /** Tells the tablets of a session what was added to its log. */
  tellEvents(council: CouncilId, session: SessionId, rows: { row: number; event: SessionEvent }[]): void
  /** Told of each session whose log grew. @returns what ends it */
  onEvents(listener: (session: SessionId) => void): () => void
  /** When the tablet that leads a session last said that it has no mark left to send, Unix ms; undefined when none was (design.md §2 "closed parts and live"). */
  leadHeardMs(council: CouncilId, session: SessionId): number | undefined
}

interface RoomSocketData {
  council: CouncilId
  session: SessionId
  /** Name of the tablet, and of who holds it; a tablet that can keep no mark has none, and only looks on. */
  tablet: { device: string; name: string } | undefined
  claims: boolean
  conductor: Conductor
}

/** The live line to the tablets, namespace `/sala`: what the recorder proves, and what other tablets marked. Opens with the cookie. */
export function liveRooms(parts: WebParts): LiveRooms {
  const namespace = parts.sockets.of('/sala')
  const listeners = new Set<(session: SessionId) => void>()
  const leads = new Map<string, RoomLead>()
  const leadOf = (room: string) => {
    const known = leads.get(room) ?? new RoomLead()
    leads.set(room, known)
    return known
  }
  const tellMicrophones = microphoneTeller(parts, namespace)
  namespace.use((socket, next) => {
    findRoom(parts, socket.handshake)
      .then((room) => {
        Object.assign(socket.data as object, room)
        next()
      })
      .catch((cause: Error) => next(cause))
  })
  namespace.on('connection', (socket) => {
    const { council, session, tablet, claims } = socket.data as RoomSocketData
    const room = roomName(council, session)
    const lead = leadOf(room)
    const sight = () => socket.volatile.emit('sight', { serverMs: Date.now(), recorder: recorderSight(parts.agents, council, session) })
    const tellLead = () => namespace.to(room).emit('lead', lead.view())
    const deaf = parts.agents.onProof((of) => {
      if (of.council === council) sight()
    })
    const steady = setInterval(() => {
      sight()
      endWhenOver(parts, socket)
      if (lead.tick(Date.now())) tellLead()
    }, sightEveryMs)
    socket.on('clock', (said: unknown, answer: unknown) => {
      // A tablet that still has marks to send may have closed the session: what is live waits for them.
      if (tablet && clockQuestion.safeParse(said).data?.waits === false) lead.heard(tablet.device, Date.now())
      if (typeof answer === 'function') answer(Date.now())
    })
    socket.on('lead', (said: unknown) => {
      const act = leadAct.safeParse(said)
      if (!act.success || !tablet) return
      if (act.data === 'ask') lead.ask(tablet, Date.now())
      else lead.answer(tablet.device, act.data === 'give', Date.now())
      tellLead()
    })
    socket.on('disconnect', () => {
      clearInterval(steady)
      deaf()
      if (tablet) lead.left(tablet.device, Date.now())
      tellLead()
    })
    void socket.join([room, council])
    tellMicrophones(council, socket)
    if (tablet) lead.came(tablet, claims, Date.now())
    tellLead()
    sight()
  })
  return {
    tellEvents: (council, session, rows) => {
      namespace.to(roomName(council, session)).emit('events', { rows })
      for (const listener of listeners) listener(session)
    },
    onEvents: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    leadHeardMs: (council, session) => leads.get(roomName(council, session))?.heardMs,
  }
}

/** Tells every tablet of a council which microphones are open whenever that changes, and one that has just come; never older after newer. */
function microphoneTeller(parts: WebParts, namespace: Namespace): (council: CouncilId, socket: Socket) => void {
  let telling: Promise<unknown> = Promise.resolve()
  const tell = (council: CouncilId, to: { emit(name: string, message: object): unknown }) => {
    telling = telling
      .then(() => parts.microphones.open(council))
      .then((open) => to.emit('microphones', { open }))
      .catch((cause: unknown) => parts.log.error({ err: cause }, 'the open microphones cannot be told'))
  }
  parts.microphones.onChange((council) => tell(council, namespace.to(council)))
  return tell
}

const roomName = (council: string, session: string) => `${council}/${session}`

/** The room a handshake asks for, if its person may be in it. The answer is one and the same for everything that is not so. */
async function findRoom(parts: WebParts, handshake: Socket['handshake']): Promise<RoomSocketData> {
  const asked = roomRequest.safeParse(handshake.auth)
  const council = asked.success ? (await parts.storage.database.directory()).find((one) => one.slug === asked.data.council) : undefined
  const conductor = council && (await identifyConductor(parts)(handshake, council.id))
  if (!asked.success || !council || !conductor) throw new Error('this room is not open to you')
  const session = await parts.storage.database.inCouncil(council.id, (tx) => findSession(tx, asked.data.session))
  const from = addressOf(handshake, parts.config.proxies)
  if (!session || !mayConduct(conductor, session.id) || !mayComeFrom(conductor, from, parts.config))
    throw new Error('this room is not open to you')
  const { device, claims } = asked.data
  const tablet = device === undefined ? undefined : { device, name: conductor.name }
  return { council: council.id, session: session.id, tablet, claims, conductor }
}

/** Who opens a line, behind as many reverse proxies as are believed: what Express tells as `request.ip`. */
function addressOf({ address, headers }: Socket['handshake'], proxies: number): string | undefined {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
  const chain = [
    address,
    ...forwarded
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .toReversed(),
  ]
  return chain[Math.min(proxies, chain.length - 1)]
}

/** A line whose credential was taken away, or is past its time, ends: also one that another process of the installation let in. */
function endWhenOver(parts: WebParts, socket: Socket): void {
  const { council, session } = socket.data as RoomSocketData
  identifyConductor(parts)(socket.handshake, council)
    .then((now) => {
      if (!now || !mayConduct(now, session)) socket.disconnect(true)
    })
    .catch((cause: unknown) => parts.log.warn({ err: cause }, 'who holds a tablet could not be asked'))
}

/** Ends at once the lines of whoever `of` says. */
export function cutRoomLines(sockets: WebParts['sockets'], of: (conductor: Conductor) => boolean): void {
  for (const socket of sockets.of('/sala').sockets.values()) if (of((socket.data as RoomSocketData).conductor)) socket.disconnect(true)
}
