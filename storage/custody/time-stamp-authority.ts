/** An authority of RFC 3161: takes a request (DER of TimeStampReq), gives a response (DER of TimeStampResp). In process, or over HTTP. */
export interface TimeStampAuthority {
  readonly name: string
  respond(request: Uint8Array): Promise<Uint8Array>
}
