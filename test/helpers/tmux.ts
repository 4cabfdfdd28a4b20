import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const PROGRAM = resolve(import.meta.dirname, 'terminal-program.ts');
const PATIENCE_MS = 20_000;

/** Whether tmux is there to stand for a real terminal. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** A real terminal, a server of its own, in which one command line runs. */
export class Tmux {
  readonly #server: string;
  #seen = '';

  /** Starts `dsr` with words that need no quoting. */
  constructor(argv: readonly string[], cwd: string, { columns = 120 }: { readonly columns?: number } = {}) {
    this.#server = `dsr-test-${process.pid}-${Math.trunc(performance.now())}`;
    const line = `${process.execPath} ${PROGRAM} ${argv.join(' ')}; echo "[exit $?]"; sleep 60`;
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', '100', '-c', cwd, line);
  }

  /** Waits for words on the screen after those waited for before. */
  async until(words: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!this.screen().replace(this.#seen, '').includes(words)) {
      if (Date.now() > end) throw new Error(`not on the screen: ${words}\n${this.screen()}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    this.#seen = this.screen();
  }

  type(words: string): void {
    this.#tmux('send-keys', '-l', words);
  }

  /** A key by its name, such as `Enter` or `C-c`. */
  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  /** What is on the screen; with the escapes of its colours, if they are wanted. */
  screen({ colors = false }: { readonly colors?: boolean } = {}): string {
    return this.#tmux('capture-pane', '-p', '-J', ...(colors ? ['-e'] : [])).trimEnd();
  }

  /** Whether the cursor is there: a prompt hides it, and has to give it back. */
  showsCursor(): boolean {
    return this.#tmux('display-message', '-p', '#{cursor_flag}').trim() === '1';
  }

  /** Ends this terminal's own server. */
  close(): void {
    this.#tmux('kill-server');
  }

  #tmux(...words: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...words], { encoding: 'utf8' });
  }
}
