import type { DeadPlace } from './places.ts';
import type { Form } from './written-forms.ts';

/** A fingerprint that was found in the ledger or in a file beside it; no value, only where. */
export interface LedgerHit {
  /** As the fingerprints were given to the search. */
  readonly request: number;
  /** As of `Hit`. */
  readonly value?: number | undefined;
  /** `field`: a short identifier, found as a whole field. */
  readonly form: Form | 'field';
  /** Base name. */
  readonly file: string;
  readonly page: number | undefined;
  /** From the start of the file: of the value, or of the page or row where it stands only when decoded. */
  readonly offset: number;
  readonly place: DeadPlace | LiveRow;
}

/** A row that the ledger's readers see, unpublished imports included. */
export interface LiveRow {
  readonly table: string;
  /** The index that holds a copy of its columns, where the hit is in that. */
  readonly index: string | undefined;
  readonly rowid: number | undefined;
  readonly column: string | undefined;
  readonly about: RowAbout;
}

/** What tells whose a row is. */
export type RowAbout =
  | {
      readonly is: 'record';
      readonly record: number;
      readonly source: string;
      /** The person for whom it is retained. */
      readonly retainedFor: number | undefined;
      /** Tags of the identifiers by which it is reached, and of its own key. */
      readonly tags: readonly number[];
    }
  | {
      readonly is: 'line';
      readonly source: string;
      /** Tag of its strongest identifier; undefined where it cannot be read. */
      readonly owner: number | undefined;
    }
  | {
      readonly is: 'entry';
      readonly kind: string;
      readonly subject: number | undefined;
    }
  /** The name of a file that came in: a plain word in it is nobody's, an identifier is somebody's. */
  | { readonly is: 'file-name' }
  /** Words of the program or of its policy, nobody's data. */
  | { readonly is: 'words' }
  | { readonly is: 'nobodys' };
