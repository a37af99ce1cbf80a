/** Puts another section of the session in place of the one shown, from its own page; the video goes on. */
export async function showSection(number: number, address: string): Promise<void> {
  for (const link of document.querySelectorAll('.agenda a')) {
    if (link.getAttribute('data-section') === String(number)) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  }
  const answer = await fetch(address, { headers: { Accept: 'text/html' } }).catch(() => undefined)
  if (!answer?.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.getElementById('section')
  if (!fresh) return
  document.getElementById('section')?.replaceWith(document.adoptNode(fresh))
  document.title = page.title
}
