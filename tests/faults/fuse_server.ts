/**
 * Serves a folder, read-only, as a FUSE file system: `fuse_server.ts SOURCE TARGET`.
 * While this program is stopped by a signal, its file system does not respond.
 *
 * It speaks the protocol of `linux/fuse.h` on `/dev/fuse`, with all caching
 * turned off, so that each system call asks this program.
 */

const libc = Deno.dlopen("libc.so.6", {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  mount: {
    parameters: ["buffer", "buffer", "buffer", "u64", "buffer"],
    result: "i32",
  },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
}).symbols;

const O_RDWR = 2;
const NOSUID_NODEV = 6n;
const ENOENT = -2;
const EIO = -5;
const ENOSYS = -38;

/** The requests that are answered; the numbers are those of `linux/fuse.h`. */
const LOOKUP = 1, FORGET = 2, GETATTR = 3, READLINK = 5, OPEN = 14, READ = 15;
const STATFS = 17, RELEASE = 18, FSYNC = 20, FLUSH = 25, INIT = 26;
const OPENDIR = 27, READDIR = 28, RELEASEDIR = 29, INTERRUPT = 36;
const BATCH_FORGET = 42;

const [source, target] = Deno.args;
const paths = new Map([[1n, source]]);
const ids = new Map([[source, 1n]]);

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** Returns the id of a path, under which the system refers to it from then on. */
function idOf(path: string): bigint {
  const id = ids.get(path) ?? BigInt(ids.size + 1);
  ids.set(path, id);
  paths.set(id, path);
  return id;
}

/** Writes `struct fuse_attr` at an offset. */
function setAttributes(view: DataView, at: number, path: string): void {
  const info = Deno.lstatSync(path);
  const seconds = Math.floor((info.mtime?.getTime() ?? 0) / 1000);
  const nanoseconds = (info.mtime?.getTime() ?? 0) % 1000 * 1e6;
  view.setBigUint64(at, idOf(path), true);
  view.setBigUint64(at + 8, BigInt(info.size), true);
  view.setBigUint64(at + 16, BigInt(info.blocks ?? 0), true);
  for (const offset of [24, 32, 40]) {
    view.setBigUint64(at + offset, BigInt(seconds), true);
  }
  for (const offset of [48, 52, 56]) {
    view.setUint32(at + offset, nanoseconds, true);
  }
  view.setUint32(at + 60, info.mode ?? 0, true);
  view.setUint32(at + 64, info.nlink ?? 1, true);
}

function answerInit(): Uint8Array {
  const view = new DataView(new ArrayBuffer(64));
  view.setUint32(0, 7, true); // the version of the protocol: 7.31
  view.setUint32(4, 31, true);
  view.setUint32(20, 65536, true); // the size of the largest write
  return new Uint8Array(view.buffer);
}

function answerLookup(parent: string, body: Uint8Array): Uint8Array {
  const name = new TextDecoder().decode(body.subarray(0, body.indexOf(0)));
  const path = `${parent}/${name}`;
  const view = new DataView(new ArrayBuffer(128));
  setAttributes(view, 40, path);
  view.setBigUint64(0, idOf(path), true);
  return new Uint8Array(view.buffer);
}

function answerGetattr(path: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(104));
  setAttributes(view, 16, path);
  return new Uint8Array(view.buffer);
}

function answerOpen(): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(8, 1, true); // FOPEN_DIRECT_IO: reads are not cached
  return new Uint8Array(view.buffer);
}

function answerRead(path: string, body: DataView): Uint8Array {
  const bytes = new Uint8Array(body.getUint32(16, true));
  using file = Deno.openSync(path);
  file.seekSync(body.getBigUint64(8, true), Deno.SeekMode.Start);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

function answerReaddir(path: string, body: DataView): Uint8Array {
  // All names at once, and then none.
  if (body.getBigUint64(8, true) > 0n) return new Uint8Array(0);
  const entries = Array.from(Deno.readDirSync(path)).map(({ name }) => {
    const bytes = new TextEncoder().encode(name);
    const entry = new Uint8Array(24 + Math.ceil(bytes.length / 8) * 8);
    const view = new DataView(entry.buffer);
    view.setBigUint64(0, idOf(`${path}/${name}`), true);
    view.setBigUint64(8, 1n, true);
    view.setUint32(16, bytes.length, true);
    entry.set(bytes, 24);
    return entry;
  });
  return new Uint8Array(entries.flatMap((entry) => [...entry]));
}

/** Returns the reply to a request, an error number, or null for none. */
function answer(
  request: number,
  path: string,
  body: Uint8Array<ArrayBuffer>,
): Uint8Array | number | null {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  switch (request) {
    case INIT:
      return answerInit();
    case LOOKUP:
      return answerLookup(path, body);
    case GETATTR:
      return answerGetattr(path);
    case READLINK:
      return new TextEncoder().encode(Deno.readLinkSync(path));
    case OPEN:
    case OPENDIR:
      return answerOpen();
    case READ:
      return answerRead(path, view);
    case READDIR:
      return answerReaddir(path, view);
    case STATFS:
      return new Uint8Array(80);
    case FLUSH:
    case FSYNC:
    case RELEASE:
    case RELEASEDIR:
      return new Uint8Array(0);
    case FORGET:
    case BATCH_FORGET:
    case INTERRUPT:
      return null;
    default:
      return ENOSYS;
  }
}

const device = libc.open(cString("/dev/fuse"), O_RDWR);
const options = `fd=${device},rootmode=40000,user_id=0,group_id=0,allow_other`;
if (
  device < 0 || libc.mount(
      cString("fuse_server"),
      cString(target),
      cString("fuse"),
      NOSUID_NODEV,
      cString(options),
    ) !== 0
) {
  console.log("cannot mount");
  Deno.exit(1);
}
console.log("mounted");

const buffer = new Uint8Array(256 * 1024);
while (true) {
  const size = Number(libc.read(device, buffer, BigInt(buffer.length)));
  if (size < 0) break;
  const header = new DataView(buffer.buffer, 0, 40);
  const body = buffer.slice(40, size);
  const path = paths.get(header.getBigUint64(16, true)) ?? source;
  let reply: Uint8Array | number | null;
  try {
    reply = answer(header.getUint32(4, true), path, body);
  } catch (error) {
    reply = error instanceof Deno.errors.NotFound ? ENOENT : EIO;
  }
  if (reply === null) continue;
  const data = typeof reply === "number" ? new Uint8Array(0) : reply;
  const message = new Uint8Array(16 + data.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setInt32(4, typeof reply === "number" ? reply : 0, true);
  view.setBigUint64(8, header.getBigUint64(8, true), true);
  message.set(data, 16);
  libc.write(device, message, BigInt(message.length));
}
