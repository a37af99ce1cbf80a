import { describe, expect, test } from 'vitest'
import { quorumNow } from '../../../../storage/model/law/quorum.ts'
import { presentMembers } from '../../../../storage/model/session-state.ts'
import { councilOf, markedSession, openedSession, sessionWith } from '../../../fixtures/council/marked-session.ts'

describe('who is there', () => {
  test('R12: who arrives at item 5 counts from then on and not in the votes of items 1 to 4', () => {
    const { mark, decide, state, items, members } = openedSession(
      13,
      Array.from({ length: 5 }, () => 'ditame'),
      { present: 12 },
    )
    for (const [index, item] of items.entries()) {
      if (index > 0) mark({ type: 'item.opened', item })
      if (index === 4) mark({ type: 'attendance.arrived', member: members[12] })
      decide([index === 4 ? 13 : 12, 0, 0], 'approved')
    }
    expect(state().votes.map((vote) => vote.voters.length)).toEqual([12, 12, 12, 12, 13])
    expect(state().moves.findLast((move) => move.member === members[12])).toMatchObject({ to: 'present', item: items[4] })
    expect(state().votes.every((vote) => vote.absent.length === 0)).toBe(true)
  })

  test('R12: who is in the room is not excused: who goes is marked as leaving, with the hour', () => {
    const { ask, members } = openedSession(9)
    expect(ask({ type: 'attendance.excused', member: members[3] })).toMatchObject({ allowed: false, requirement: 'R12' })
    expect(ask({ type: 'attendance.left', member: members[3] })).toEqual({ allowed: true })
  })

  test('R20: who must abstain leaves the room: no vote, no floor, no place in the quorum, and no abstention counted', () => {
    const { ask, mark, openVote, state, council, item, members } = openedSession(9)
    mark({ type: 'abstention.began', member: members[3], item })
    expect(presentMembers(state(), council)).not.toContain(members[3])
    expect(quorumNow(state()).present).toBe(8)
    expect(ask({ type: 'floor.given', speaker: members[3], turn: 'first' })).toMatchObject({ allowed: false, requirement: 'R20' })
    const vote = openVote(item)
    expect(ask({ type: 'ballot.cast', vote, member: members[3], sense: 'abstain' })).toMatchObject({ allowed: false, requirement: 'R20' })
    mark({ type: 'tally.entered', vote, favour: 8, against: 0, abstain: 0 })
    mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    expect(state().votes[0]).toMatchObject({ absent: [], tally: { favour: 8, against: 0, abstain: 0 } })
  })

  test('R20: on the next item that member is back', () => {
    const { mark, openVote, state, items, members } = openedSession(9, ['ditame', 'ditame'])
    mark({ type: 'abstention.began', member: members[3], item: items[0] })
    mark({ type: 'item.opened', item: items[1] })
    openVote(items[1])
    expect(state().votes[0]?.voters).toContain(members[3])
  })

  test('R80: presidency and secretary are taken, left and substituted, each in its capacity and with its hours', () => {
    const { ask, mark, state, members, secretary } = openedSession(9)
    expect(ask({ type: 'role.taken', role: 'presidency', person: secretary, capacity: 'x' })).toMatchObject({
      allowed: false,
      requirement: 'R80',
    })
    expect(ask({ type: 'role.taken', role: 'secretary', person: members[0], capacity: 'x' })).toMatchObject({
      allowed: false,
      requirement: 'R80',
    })
    expect(ask({ type: 'role.left', role: 'presidency', person: members[1] })).toMatchObject({ allowed: false, requirement: 'R80' })
    mark({
      type: 'role.taken',
      role: 'presidency',
      person: members[1],
      capacity: 'Primeira tenente de alcalde',
      substitutes: members[0],
      cause: 'abstención',
    })
    const [first, , second] = state().offices
    expect(first).toMatchObject({ role: 'presidency', person: members[0], capacity: 'Alcaldesa', toWallMs: second?.fromWallMs })
    expect(second).toMatchObject({ role: 'presidency', person: members[1], substitutes: members[0], cause: 'abstención' })
    expect(second).not.toHaveProperty('toWallMs')
  })

  test('R81: attendance at a distance needs a session opened so, with its reason', () => {
    const council = councilOf(9)
    const { ask, mark, state } = markedSession(council, sessionWith(council, ['ditame']))
    for (const one of council.members.slice(0, 5)) mark({ type: 'attendance.present', member: one.id })
    mark({ type: 'attendance.present', member: council.members[5]?.id, mode: 'remote' })
    mark({ type: 'role.taken', role: 'presidency', person: council.members[0]?.id, capacity: 'Alcaldesa' })
    mark({ type: 'role.taken', role: 'secretary', person: council.members.at(-1)?.id, capacity: 'Secretaria' })
    for (const opening of [{}, { mode: 'in-person' }, { mode: 'mixed' }]) {
      expect(ask({ type: 'session.opened', call: 1, ...opening })).toMatchObject({
        allowed: false,
        requirement: 'R81',
        article: 'LBRL 46.3',
      })
    }
    mark({ type: 'session.opened', call: 1, mode: 'mixed', modeReason: 'temporal de neve' })
    expect(state()).toMatchObject({ mode: { mode: 'mixed', reason: 'temporal de neve' }, remote: [council.members[5]?.id] })
  })

  test('R81: a session in person takes nobody at a distance', () => {
    const { ask, members } = openedSession(9, ['ditame'], { present: 8 })
    expect(ask({ type: 'attendance.arrived', member: members[8], mode: 'remote' })).toMatchObject({ allowed: false, requirement: 'R81' })
  })

  test('R81: a line that falls is a presence event: in the middle of a vote too, and who comes back in time votes', () => {
    const council = councilOf(9)
    const { ask, mark, state, openVote } = markedSession(council, sessionWith(council, ['ditame']))
    const members = council.members.filter((one) => one.legal).map((one) => one.id)
    for (const [index, member] of members.entries()) mark({ type: 'attendance.present', member, mode: index > 5 ? 'remote' : 'room' })
    mark({ type: 'role.taken', role: 'presidency', person: members[0], capacity: 'Alcaldesa' })
    mark({ type: 'role.taken', role: 'secretary', person: council.members.at(-1)?.id, capacity: 'Secretaria' })
    mark({ type: 'session.opened', call: 1, mode: 'mixed', modeReason: 'temporal' })
    const item = state().items[0]?.item.id
    mark({ type: 'item.opened', item })
    expect(ask({ type: 'connection.lost', member: members[1] })).toMatchObject({ allowed: false, requirement: 'R81' })
    const vote = openVote(item)
    mark({ type: 'connection.lost', member: members[7] })
    mark({ type: 'connection.lost', member: members[8] })
    mark({ type: 'connection.restored', member: members[8] })
    expect(state().votes[0]).toMatchObject({ absent: [members[7]] })
    expect(state().votes[0]?.voters).toHaveLength(8)
    mark({ type: 'tally.entered', vote, favour: 8, against: 0, abstain: 0 })
    mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    expect(state().votes[0]?.tally).toEqual({ favour: 8, against: 0, abstain: 1 })
    expect(state().moves.at(-1)).toMatchObject({ member: members[8], to: 'present', how: 'connection' })
  })
})
