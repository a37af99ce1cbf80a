import { z } from 'zod'
import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { findSession } from '../../storage/records/sessions.ts'
import type { Staff } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { recorderSight } from './chamber.ts'

const roomRequest = z.object({ council: z.string().max(100), session: z.string().max(100) })

/** A tablet is told of the recorder this often even when nothing changes: silence then means that the line is gone. */
const sightEveryMs = 2_000

/** Who may hold the tablet (R11): the secretary, or who stands in for them with an account of that role. */
export const roomRoles: Staff['role'][] = ['secretary']

/** What the rest of the web needs of the live rooms. */
export interface LiveRooms {
  /** Tells the tablets of a session what was added to its log. */
  tellEvents(council: CouncilId, session: SessionId, rows: { row: number; event: SessionEvent }[]): void
}

interface RoomSocketData {
  council: CouncilId
  session: SessionId
}

/** The live line to the tablets, namespace `/sala`: what the recorder proves, and what other tablets marked. Opens with the cookie. */
export function liveRooms(parts: WebParts): LiveRooms {
  const namespace = parts.sockets.of('/sala')
  namespace.use((socket, next) => {
    findRoom(parts, socket.handshake.auth, socket.handshake.headers)
      .then((room) => {
        Object.assign(socket.data as object, room)
        next()
      })
      .catch((cause: Error) => next(cause))
  })
  namespace.on('connection', (socket) => {
    const { council, session } = socket.data as RoomSocketData
    const sight = () => socket.volatile.emit('sight', { serverMs: Date.now(), recorder: recorderSight(parts.agents, council, session) })
    const deaf = parts.agents.onProof((of) => {
      if (of.council === council) sight()
    })
    const steady = setInterval(sight, sightEveryMs)
    socket.on('clock', (answer: unknown) => {
      if (typeof answer === 'function') answer(Date.now())
    })
    socket.on('disconnect', () => {
      clearInterval(steady)
      deaf()
    })
    void socket.join(roomName(council, session))
    sight()
  })
  return {
    tellEvents: (council, session, rows) => {
      namespace.to(roomName(council, session)).emit('events', { rows })
    },
  }
}

const roomName = (council: string, session: string) => `${council}/${session}`

/** The room a handshake asks for, if its person may be in it. The answer is one and the same for everything that is not so. */
async function findRoom(parts: WebParts, auth: unknown, headers: { cookie?: string | undefined }): Promise<RoomSocketData> {
  const asked = roomRequest.safeParse(auth)
  const council = asked.success ? (await parts.storage.database.directory()).find((one) => one.slug === asked.data.council) : undefined
  const staff = council && (await parts.identify({ headers }, council.id))
  if (!asked.success || !council || !staff || !roomRoles.includes(staff.role)) throw new Error('this room is not open to you')
  const session = await parts.storage.database.inCouncil(council.id, (tx) => findSession(tx, asked.data.session))
  if (!session) throw new Error('this room is not open to you')
  return { council: council.id, session: session.id }
}
