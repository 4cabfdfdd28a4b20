import { printable } from '../base/mask.ts';
import type { TextOutput } from './io.ts';
import { cut } from './table.ts';

/** A line that says how far a long step is. */
export interface Progress {
  update(text: string): void;
  /** Erases the line. */
  done(): void;
}

const ERASE = '\r\u001b[K';
const SHORTEST_PAUSE_MS = 100;

/** Draws at most ten times a second, on one line; without a terminal it does nothing. */
export class TerminalProgress implements Progress {
  readonly #terminal: TextOutput | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(terminal: TextOutput | undefined) {
    this.#terminal = terminal;
  }

  update(text: string): void {
    if (this.#terminal === undefined || performance.now() - this.#drawnAt < SHORTEST_PAUSE_MS) return;
    this.#drawnAt = performance.now();
    this.#terminal.write(`${ERASE}${cut(printable(text), (this.#terminal.columns ?? 80) - 1)}`);
  }

  done(): void {
    if (this.#drawnAt !== Number.NEGATIVE_INFINITY) this.#terminal?.write(ERASE);
    this.#drawnAt = Number.NEGATIVE_INFINITY;
  }
}
