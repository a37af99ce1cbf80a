import type { Page } from 'playwright-core'

/** What may be touched on a page of the tablet and is smaller than 56 px, with its size. A second screen has nothing to touch. */
export async function smallTargets(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, input, select, textarea, summary')]
      .filter((one) => one.checkVisibility() && !one.closest('noscript'))
      .map((one) => ({ text: one.textContent?.trim().slice(0, 40), box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 55.9 || box.width < 55.9)
      .map(({ text, box }) => `${text} ${Math.round(box.width)}×${Math.round(box.height)}`),
  )
}
