/** Breaches, one a line; none when all is well. */
export function checkLicences(root: string): string[]
