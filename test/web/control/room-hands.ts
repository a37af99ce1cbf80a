import type { Locator, Page } from 'playwright-core'

/** What a person does at a tablet, waiting for what it shows and never for a time. */
export function handsAt(page: Page) {
  const button = (name: string | RegExp, on = page): Locator => on.getByRole('button', { name }).first()
  const noSheet = () => page.locator('dialog').waitFor({ state: 'detached' })
  /** In the open sheet, when there is one: what lies under it cannot be touched. */
  const tap = async (name: string | RegExp, on = page): Promise<void> => {
    const sheet = on.locator('dialog[open]')
    const within = (await sheet.count()) > 0 ? sheet : on
    await within.getByRole('button', { name }).first().click()
  }
  return {
    button,
    noSheet,
    tap,
    back: async () => {
      await page.keyboard.press('Escape')
      await noSheet()
    },
    /** A tap that closes its sheet once it is marked. */
    tapAndClose: async (name: string | RegExp) => {
      await tap(name)
      await noSheet()
    },
    /** An answer in the roll call, and the next name. */
    answer: async (name: string) => {
      // The sheet comes once the vote is on the disk; until then the page under it has buttons of like names.
      await page.locator('dialog[open] .called-list').waitFor()
      const left = await page.locator('.called-list .waits').count()
      await tap(name)
      await page.waitForFunction((before) => document.querySelectorAll('.called-list .waits').length < before, left)
    },
    stored: (on = page) => on.locator('[data-pending="0"]').waitFor(),
    word: (name: string, on = page) => on.locator(`header.state[data-word="${name}"]`).waitFor({ timeout: 90_000 }),
    /** Presses the button that closes to the public. @returns what lets go */
    hold: async () => {
      const box = await page.locator('.hold').boundingBox()
      if (!box) throw new Error('no button to hold')
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
      await page.mouse.down()
      return { release: () => page.mouse.up() }
    },
  }
}

/** Matches a name by how it begins. */
export function starts(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
}
