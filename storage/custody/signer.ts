/** Algorithms that R60 admits. */
export type SignatureAlgorithm = 'rsa-pkcs1-sha256' | 'ecdsa-p256-sha256'

/**
 * A device that holds a person's or the council's private key and signs bytes, never seeing the document:
 * a .p12 key store, a PKCS#11 card or AutoFirma (format NONE) all fit this seam. ECDSA answers are DER (RFC 3279 §2.2.3).
 */
export interface Signer {
  /** Certificates in DER, the signer's first, then its issuers. */
  readonly chain: Uint8Array[]
  readonly algorithm: SignatureAlgorithm
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** An Ed25519 key that signs notes: a recorder's heads, a log's checkpoints. */
export interface NoteSigner {
  readonly name: string
  /** Raw public key, 32 bytes. */
  readonly publicKey: Uint8Array
  sign(bytes: Uint8Array): Promise<Uint8Array>
}
