import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** A document as jsonb: written as text, read as whatever the row holds; each record's zod schema says what it must be. */
type Document = JSONColumnType<object, string, string>
/** Absent in rows that have none. */
type MaybeText = ColumnType<string | null, string | undefined, string>
type MaybeDocument = JSONColumnType<object | null, string | undefined, string>

/** Every table belongs to a council: the column fills itself from the transaction's council (database.ts) and row-level security guards it. */
interface CouncilRow {
  council_id: Generated<string>
}

interface ObjectRow {
  key: string
  version: string
  sha256: string
}

/** The tables of schema `escano`, as Kysely sees them. Names and columns are made in migrations/. */
export interface Tables {
  councils: CouncilRow & { slug: string; document: Document }
  accounts: CouncilRow & { id: string; login: string; name: string; role: string; member: string | null; password_hash: string }
  sign_ins: CouncilRow & { token_hash: string; account: string; expires_at_ms: number; tablet: string | null }
  tablets: CouncilRow & {
    id: string
    name: string
    account: string
    credential_hash: string
    created_at_ms: number
    seen_at_ms: number | null
    revoked_at_ms: number | null
    chamber_key: MaybeText
    pin_hash: MaybeText
  }
  tablet_codes: CouncilRow & {
    id: string
    code_hash: string
    name: string
    account: string
    expires_at_ms: number
    tablet: string | null
  }
  passkeys: CouncilRow & {
    id: string
    account: string
    name: string
    public_key: string
    counter: number
    transports: JSONColumnType<string[], string, string>
    created_at_ms: number
    used_at_ms: number | null
  }
  challenges: CouncilRow & { challenge: string; bound_to: string; expires_at_ms: number }
  substitutions: CouncilRow & {
    id: string
    account: string
    session: string
    from_ms: number
    to_ms: number
    capacity: string
    ground: string
    named_by: string
    revoked_at_ms: number | null
  }
  invitations: CouncilRow & { token_hash: string; account: string; expires_at_ms: number; used_at_ms: number | null }
  screen_links: CouncilRow & { session: string; token_hash: string; expires_at_ms: number }
  sessions: CouncilRow & {
    id: string
    slug: string
    stage: string
    published_at_ms: number | null
    withdrawn_at_ms: number | null
    document: Document
  }
  session_events: CouncilRow & { session: string; row: number; id: string; document: Document }
  closed_marks: CouncilRow & { session: string; id: string; at_ms: number; reason: string; document: Document }
  conference_systems: CouncilRow & {
    id: string
    name: string
    token_hash: string
    by: string
    made_at_ms: number
    revoked_at_ms: number | null
  }
  microphone_events: CouncilRow & {
    origin: string
    session: string | null
    source: string
    id: string
    seat: number
    channel: number | null
    event: string
    clock: string
    ms: number
    received_ms: number
  }
  progress: CouncilRow & { session: string; step: string; done: number; total: number; detail: string | null; at_ms: number }
  recorders: CouncilRow & { id: string; name: string; public_key: string; revoked_at_ms: number | null; chamber_page: MaybeDocument }
  enrolment_codes: CouncilRow & { code_hash: string; by: string; expires_at_ms: number; recorder: string | null }
  spent_nonces: CouncilRow & { recorder: string; nonce: string; until_ms: number }
  reconciliations: CouncilRow & { at_ms: number; document: Document }
  journal: CouncilRow & { session: string; recorder: string; line: number; content: Document }
  receipts: CouncilRow & { session: string; recorder: string; line: number; key: string; version: string; size_bytes: number }
  heads: CouncilRow & { session: string; recorder: string; size: number; root: string; note: string }
  head_tokens: CouncilRow & { session: string; recorder: string; size: number; token: string; late: boolean }
  finished_journals: CouncilRow & { session: string; recorder: string; lines: number }
  given_up_journals: CouncilRow & { session: string; recorder: string; lost: Document; by: string; at_ms: number }
  spool_reports: CouncilRow & { recorder: string; received_ms: number; document: Document }
  evidence: CouncilRow & ObjectRow & { session: string; kind: string }
  chunk_plans: CouncilRow & { session: string; document: Document }
  chunk_results: CouncilRow & { session: string; chunk: number; key: string; document: Document }
  transcripts: CouncilRow & {
    session: string
    version: number
    document: Document
    object_key: string
    object_version: string
    sha256: string
  }
  draft_transcripts: CouncilRow & { session: string; key: string; from_ms: number; document: Document }
  transcript_qualities: CouncilRow & { session: string; version: number; document: Document }
  captions: CouncilRow & ObjectRow & { session: string; language: string }
  actas: CouncilRow & { session: string; version: number; document: Document; by: string; at_ms: number }
  documents: CouncilRow & ObjectRow & { session: string; kind: string; revision: number; size_bytes: number; created_at_ms: number }
  verifications: CouncilRow & { session: string; document: Document; at_ms: number }
  council_log: CouncilRow & { index: number; document: Document }
  checkpoints: CouncilRow & { size: number; note: string; token: string | null }
  book: CouncilRow & { year: number; number: number; session: string; sha256: string; previous_hash: string }
  /** Every version of the council's and of each session's set-up, the oldest kept too. */
  set_up_versions: CouncilRow & { subject: string; version: number; document: Document; by: string; at_ms: number }
  convocations: CouncilRow & { session: string; number: number; document: Document; by: string }
  convocation_openings: CouncilRow & {
    id: Generated<number>
    session: string
    number: number
    member: string
    what: string
    at_ms: number
  }
  file_entries: CouncilRow & { session: string; id: string; slot: string; document: Document; by: string; at_ms: number }
  rehearsals: CouncilRow & { recorder: string; at_ms: number; document: Document }
  imports: CouncilRow & { session: string; document: Document }
  audit: CouncilRow & { id: Generated<number>; at_ms: number; by: string; action: string; object: string; result: string }
}

export type TableName = keyof Tables

/** What the product may do to rows that stand. Whatever is not named here only grows: the product has no right to change or remove it. */
export const changeableTables: Partial<Record<TableName, readonly ('update' | 'delete')[]>> = {
  councils: ['update'],
  accounts: ['update'],
  sign_ins: ['update', 'delete'],
  tablets: ['update'],
  tablet_codes: ['update'],
  passkeys: ['update', 'delete'],
  challenges: ['delete'],
  substitutions: ['update'],
  invitations: ['update'],
  screen_links: ['update'],
  sessions: ['update'],
  conference_systems: ['update'],
  progress: ['update'],
  recorders: ['update'],
  spool_reports: ['update'],
  enrolment_codes: ['update'],
  spent_nonces: ['delete'],
  evidence: ['update'],
  chunk_plans: ['update'],
  draft_transcripts: ['delete'],
  captions: ['update'],
  verifications: ['update'],
  imports: ['update'],
}
