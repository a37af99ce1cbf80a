/** Arguments with which openssl holds a detached CAdES signature (DER) against its content, whatever its certificate is for. */
export function cmsVerifyArguments(of: { signature: string; content: string; roots: string }): string[] {
  const { signature, content, roots } = of
  const judged = ['-cades', '-binary', '-purpose', 'any', '-inform', 'DER', '-in', signature, '-content', content]
  return ['cms', '-verify', ...judged, '-CAfile', roots, '-out', '/dev/null']
}

/** Arguments with which openssl signs a file, detached, with `<signer>.crt` and `<signer>.key`: CAdES unless `plain`; DER on its output. */
export function cmsSignArguments(of: { content: string; signer: string; plain?: boolean; digest?: string }): string[] {
  const keys = ['-signer', `${of.signer}.crt`, '-inkey', `${of.signer}.key`]
  return [
    'cms',
    '-sign',
    '-binary',
    ...(of.plain ? [] : ['-cades']),
    '-in',
    of.content,
    ...keys,
    '-md',
    of.digest ?? 'sha256',
    '-outform',
    'DER',
  ]
}
