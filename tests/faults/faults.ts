/** What can happen to a file. */
import { dirname } from "@std/path";
import { asNobody, isRoot } from "../files/support.ts";
import type { WatchedFile } from "./watched_files.ts";

/** Something that happens to a file, until it is undone. */
export interface Fault {
  /** Lets it happen to a file that shows "one"; returns what undoes it. */
  inject(file: WatchedFile): Promise<Disposable | void>;
  /** Sets up something that lasts during the poll only. */
  readonly duringPoll?: () => Disposable;
  /** Whether it can happen to a directory as well. */
  readonly toDirectory?: boolean;
  /** The only file to which it can happen, if there is only one. */
  readonly only?: string;
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true });
}

/** Replaces a file by what a function creates at its path. */
function inPlaceOf(
  create: (path: string) => Promise<unknown> | unknown,
): Fault {
  return {
    toDirectory: true,
    async inject({ path }) {
      await remove(path);
      await create(path);
    },
  };
}

/** Cuts a file to a part of its length. */
async function cut(path: string, part: number): Promise<void> {
  const { size } = await Deno.stat(path);
  await Deno.truncate(path, Math.floor(size * part));
}

/** The faults, by the names of the rows in the table. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  missing: inPlaceOf(() => {}),
  empty: { inject: ({ path }) => Deno.truncate(path) },
  "half written": {
    async inject(file) {
      await file.write("two");
      await cut(file.path, 0.5);
    },
  },
  replaced: {
    toDirectory: true,
    async inject(file) {
      await Deno.rename(file.path, `${file.path}.old`);
      await file.write("two");
      await remove(`${file.path}.old`);
    },
  },
  truncated: { inject: ({ path }) => cut(path, 0.5) },
  rotated: {
    toDirectory: true,
    async inject(file) {
      await Deno.rename(file.path, `${file.path}.1`);
      await file.write("two");
    },
  },
  unreadable: {
    toDirectory: true,
    inject: ({ path }) => Deno.chmod(path, 0),
    // Root can read everything.
    ...isRoot ? { duringPoll: asNobody } : {},
  },
  "a directory": {
    async inject({ path }) {
      await remove(path);
      await Deno.mkdir(path);
    },
  },
  "a FIFO": inPlaceOf((path) =>
    new Deno.Command("mkfifo", { args: [path] }).output()
  ),
  "a socket": {
    toDirectory: true,
    async inject({ path }) {
      await remove(path);
      const listener = Deno.listen({ transport: "unix", path });
      return { [Symbol.dispose]: () => listener.close() };
    },
  },
  "a dangling link": inPlaceOf((path) => Deno.symlink(`${path}.no`, path)),
  "a looping link": inPlaceOf((path) => Deno.symlink(path, path)),
  "/dev/zero": inPlaceOf((path) => Deno.symlink("/dev/zero", path)),
  "a line of 1 GiB": {
    async inject({ path }) {
      await Deno.truncate(path, 0);
      await Deno.truncate(path, 1024 ** 3);
    },
  },
  "a foreign namespace": {
    only: "start",
    async inject({ path }) {
      const start = JSON.parse(await Deno.readTextFile(path));
      const pid_namespace = "pid:[1]";
      await Deno.writeTextFile(
        path,
        JSON.stringify({ ...start, pid_namespace }),
      );
    },
  },
  "removed with its folder": {
    inject: ({ path }) => remove(dirname(path)),
  },
};
