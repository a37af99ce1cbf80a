/** Breaches, one a line; none when all is well. */
export function checkSources(root: string): string[]
