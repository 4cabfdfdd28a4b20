import type { Instant, PlainDate } from '../base/time.ts';
import { dateIn } from '../base/time.ts';

/** One value of a report; undefined where there is none to give. */
export type Cell = string | number | boolean | readonly string[] | undefined;

/** What could not be determined; never written as 0 or left empty. */
export const UNKNOWN = 'unknown';

export type Row<Column extends string> = Readonly<Record<Column, Cell>>;

/** The rows of a report, each with every column. */
export interface Table<Column extends string = string> {
  readonly columns: readonly Column[];
  readonly rows: readonly Row<Column>[];
}

/** Days of the controller's calendar, both included. */
export interface Period {
  readonly from: PlainDate | undefined;
  readonly to: PlainDate | undefined;
}

/** Under what a report is made; the same frame and the same ledger give the same bytes. */
export interface ReportFrame {
  readonly zone: string;
  readonly instant: Instant;
  /** The day of the instant by the controller's calendar. */
  readonly today: PlainDate;
  readonly period: Period;
}

/** Whether an instant falls on a day of the frame's period. */
export function isWithin(frame: ReportFrame, at: Instant): boolean {
  return isDayWithin(frame, dateIn(at, frame.zone));
}

/** Whether a day belongs to the frame's period. */
export function isDayWithin({ period: { from, to } }: Pick<ReportFrame, 'period'>, day: PlainDate): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}

const CODE = /^[a-z0-9][a-z0-9+:._-]{0,63}$/;

/** A code as it stands, or `other` for words, which a report does not repeat. */
export function codeOf(text: string | undefined): string | undefined {
  return text === undefined || CODE.test(text) ? text : 'other';
}
