import { describe, expect, test } from 'vitest'
import { RoomLead } from '../../../web/control/room-lead.ts'
import { leadOf } from '../../../web/control/room-protocol.ts'

const carme = { device: 'tablet-a', name: 'Carme' }
const noela = { device: 'tablet-b', name: 'Noela' }
const start = 1_000_000

/** Carme's tablet came first; Noela's is there too. */
function twoTablets(): RoomLead {
  const lead = new RoomLead()
  lead.came(carme, false, start)
  lead.came(noela, false, start + 20_000)
  return lead
}
const leader = (of: RoomLead) => of.view().leader?.device

describe('of two tablets in one session', () => {
  test('the first one leads, and without a word from the server every tablet may be tapped', () => {
    const lead = twoTablets()
    expect(leadOf('tablet-a', lead.view())).toMatchObject({ mine: true })
    expect(leadOf('tablet-b', lead.view())).toMatchObject({ mine: false })
    expect(leadOf('tablet-b', undefined)).toMatchObject({ mine: true })
  })

  test('the other takes the lead only when it is given, or nobody answers', () => {
    const lead = twoTablets()
    lead.ask(noela, start + 30_000)
    expect(lead.view()).toMatchObject({ leader: { device: 'tablet-a' }, asking: noela })
    lead.answer('tablet-b', true, start + 31_000)
    expect(leader(lead), 'who asks does not answer itself').toBe('tablet-a')
    lead.answer('tablet-a', false, start + 32_000)
    expect(lead.view()).toMatchObject({ leader: { device: 'tablet-a' }, asking: null })
    lead.ask(noela, start + 40_000)
    expect(lead.tick(start + 59_000)).toBe(false)
    expect(lead.tick(start + 60_000)).toBe(true)
    expect(leader(lead)).toBe('tablet-b')
    lead.ask(carme, start + 70_000)
    lead.answer('tablet-b', true, start + 71_000)
    expect(leader(lead)).toBe('tablet-a')
  })

  test('a leader that has no line keeps the lead until the other takes it', () => {
    const lead = twoTablets()
    lead.left('tablet-a', start + 30_000)
    expect(lead.view().leader).toMatchObject({ device: 'tablet-a', connected: false, sinceMs: start + 30_000 })
    lead.ask(noela, start + 31_000)
    expect(leader(lead)).toBe('tablet-b')
    lead.came(carme, true, start + 60_000)
    expect(leader(lead), 'who comes back follows').toBe('tablet-b')
  })

  test('two pages of one tablet are one tablet', () => {
    const lead = twoTablets()
    lead.came(carme, false, start + 21_000)
    lead.left('tablet-a', start + 22_000)
    expect(lead.view().leader).toMatchObject({ device: 'tablet-a', connected: true })
  })

  test('after the server started again the one that led before leads again', () => {
    const lead = new RoomLead()
    lead.came(noela, false, start)
    lead.came(carme, true, start + 1_000)
    expect(leader(lead)).toBe('tablet-a')
  })

  test('the heartbeat that what is live hangs on is that of the leader', () => {
    const lead = twoTablets()
    lead.heard('tablet-a', start + 25_000)
    lead.heard('tablet-b', start + 40_000)
    expect(lead.heardMs).toBe(start + 25_000)
  })
})
