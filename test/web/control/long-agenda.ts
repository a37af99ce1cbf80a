import type { Locator, Page } from 'playwright-core'

/** Makes the screen so low that the agenda is longer than its pane. @returns whether a person sees all of these */
export async function seenUnderLongAgenda(page: Page, of: Locator[]): Promise<boolean> {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 1024, height: 600 })
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.agenda, .agenda .items')].some((pane) => pane.scrollHeight > pane.clientHeight),
  )
  const seen = of.map((one) =>
    one.evaluate((shown) => {
      const { x, y, width, height } = shown.getBoundingClientRect()
      return shown.contains(document.elementFromPoint(x + width / 2, y + height / 2))
    }),
  )
  const all = await Promise.all(seen)
  if (before) await page.setViewportSize(before)
  return all.every(Boolean)
}
