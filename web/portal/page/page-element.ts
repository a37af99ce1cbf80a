/** An element that the server always writes. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found
}

/** What the server tells the page, written by the same code that knows its shape. */
export function pageData<T>(): T {
  return JSON.parse(element('page-data').textContent ?? '') as T
}
