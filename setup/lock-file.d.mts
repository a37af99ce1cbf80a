/** Breaches, one a line; none when all is well. */
export function checkLockFile(root: string): string[]
