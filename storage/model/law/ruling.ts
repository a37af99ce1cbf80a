/** Whether an event may happen now; a refusal names its article and says why, for people (law.md §2.1-2.3). */
export type Ruling = { allowed: true } | Refusal

export interface Refusal {
  allowed: false
  requirement: string
  article: string
  reason: { gl: string; es: string }
}

export const allowed: Ruling = { allowed: true }

export function refused(requirement: string, article: string, gl: string, es: string): Refusal {
  return { allowed: false, requirement, article, reason: { gl, es } }
}

/** The first refusal among several questions, else that it is allowed. */
export function firstRefusal(...rulings: (Ruling | undefined)[]): Ruling {
  return rulings.find((one) => one?.allowed === false) ?? allowed
}
