import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A script of this folder that runs in a process of its own. */
export class BenchProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  #output = '';

  /**
   * Starts a script and waits until it says that it is ready. It runs under the
   * same transform as this process, and ends when this process does.
   */
  static async start(options: {
    script: string;
    args?: string[];
  }): Promise<BenchProcess> {
    const { script, args = [] } = options;
    const started = new BenchProcess(
      script,
      fork(join(__dirname, script), args, {
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      }),
    );
    await started.answer('ready');
    return started;
  }

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-4_000);
      });
    }
  }

  send(message: object): void {
    this.#child.send(message);
  }

  /** Waits for a message of a type; fails when the process ends before it. */
  answer<TMessage extends { type: string }>(type: string): Promise<TMessage> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: TMessage) => {
        if (message.type === type) {
          stopListening();
          resolve(message);
        }
      };
      const onExit = (code: number | null) => {
        stopListening();
        reject(
          new Error(
            `${this.#name} ended with status ${code}:\n${this.#output}`,
          ),
        );
      };
      const stopListening = () => {
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
      };
      this.#child.on('message', onMessage);
      this.#child.on('exit', onExit);
    });
  }

  async ask<TMessage extends { type: string }>(
    message: object,
    answerType: string,
  ): Promise<TMessage> {
    const answered = this.answer<TMessage>(answerType);
    this.send(message);
    return answered;
  }

  /** Asks the process to stop, and ends it when it does not. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    const ended = new Promise(resolve => {
      this.#child.once('exit', resolve);
    });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    if (this.#child.connected) {
      this.#child.send({ type: 'stop' });
    } else {
      this.#child.kill('SIGTERM');
    }
    await ended;
    clearTimeout(timer);
  }
}
