import { delay } from "@std/async";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Host } from "../../../.tasks/jupyter.ts";

const START_MS = 60_000;
const STOP_MS = 10_000;

/** Options of {@linkcode Program.start}. */
export interface ProgramOptions {
  /** The folder that it runs in. */
  cwd: string;
  /** Variables to add to the environment. */
  env?: Record<string, string>;
  /** An address that responds as soon as the program has started. */
  url: string;
}

/** A server that runs on a host until it is disposed of. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /**
   * Starts a program and waits until it responds.
   *
   * @throws {Error} If it exits or does not respond; quotes its log.
   */
  static async start(
    host: Host,
    cmd: readonly string[],
    { cwd, env, url }: ProgramOptions,
  ): Promise<Program> {
    const log = await Deno.makeTempFile({ prefix: "test-hosts-" });
    const output = openSync(log, "w");
    const [command, ...args] = [...host.command, ...cmd];
    const child = spawn(command, args, {
      cwd,
      env: { ...Deno.env.toObject(), ...env },
      // Its own session, so that Ctrl-C reaches this program only.
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    const program = new Program(child, log);
    try {
      await program.#responds(url);
      return program;
    } catch (error) {
      const { message } = error as Error;
      const text = await program.readLog();
      await program[Symbol.asyncDispose]();
      throw new Error(`${message}\n${text.slice(-3000)}`);
    }
  }

  /** Returns what it has printed. */
  readLog(): Promise<string> {
    return Deno.readTextFile(this.#log);
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#exited) {
      const exited = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
      await exited;
      clearTimeout(timer);
    }
    await Deno.remove(this.#log);
  }

  get #exited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #responds(url: string): Promise<void> {
    const command = this.#child.spawnargs.join(" ");
    const end = performance.now() + START_MS;
    while (performance.now() < end) {
      if (this.#exited) throw new Error(`Cannot start '${command}': it exited`);
      try {
        const response = await fetch(url, {
          signal: AbortSignal.timeout(5000),
        });
        await response.body?.cancel();
        if (response.status < 500) return;
      } catch {
        // It does not listen yet.
      }
      await delay(100);
    }
    throw new Error(`Cannot start '${command}': no response from ${url}`);
  }
}
