/**
 * A network of hosts on this machine: network namespaces that are connected by a
 * bridge. The bridge has a separate namespace, to which the rules of this
 * machine's firewall do not apply.
 */
import { exists } from "@std/fs";
import type { Host } from "../../../.tasks/jupyter.ts";
import { capture } from "../../../.tasks/project.ts";

/** The names of namespaces contain the pid of the test that has created them. */
const NAMESPACE = /^pw(\d+)-/;

/**
 * Returns why there can be no such network, or null if there can. Installs
 * Debian's `iproute2` if it is missing.
 */
export async function whyNoNetwork(): Promise<string | null> {
  if (Deno.build.os !== "linux") {
    return "network namespaces are a feature of Linux";
  }
  if (Deno.uid() !== 0) return "only root can create network namespaces";
  try {
    await ensureIp();
    await using network = await Network.create();
    await network.addHost("probe");
    return null;
  } catch (error) {
    const reason = (error as Error).message.trim().split("\n").at(-1);
    return `this machine permits no network namespaces: ${reason}`;
  }
}

async function ensureIp(): Promise<void> {
  try {
    await ip("-Version");
  } catch {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await capture("apt-get", ["update"], { env });
    await capture("apt-get", ["install", "--yes", "iproute2"], { env });
  }
}

/** A network. This machine is in it as well, so that a test reaches its hosts. */
export class Network implements AsyncDisposable {
  readonly #prefix = `pw${Deno.pid}`;
  readonly #switch = `${this.#prefix}-switch`;
  readonly #cleanUp = new AsyncDisposableStack();
  #subnet = "";
  #hosts = 0;

  /** Creates a network without hosts. */
  static async create(): Promise<Network> {
    await removeAbandoned();
    const network = new Network();
    try {
      await network.#start();
      return network;
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Adds a host, whose name has up to five letters. */
  async addHost(name: string): Promise<NetworkHost> {
    const namespace = `${this.#prefix}-${name}`;
    await this.#addNamespace(namespace);
    const { port, address } = await this.#connect("eth0", namespace);
    return new NetworkHost(address, namespace, { of: this.#switch, port });
  }

  async #start(): Promise<void> {
    this.#subnet = await freeSubnet();
    await this.#addNamespace(this.#switch);
    // Linux removes the interfaces of a removed namespace only some time later.
    this.#cleanUp.defer(async () => {
      await ip("link", "delete", this.#prefix).catch(() => {});
    });
    await ip("-n", this.#switch, "link", "add", "bridge", "type", "bridge");
    await ip("-n", this.#switch, "link", "set", "bridge", "up");
    await this.#connect(this.#prefix);
  }

  async #addNamespace(name: string): Promise<void> {
    this.#cleanUp.defer(() => removeNamespace(name));
    await ip("netns", "add", name);
    await ip("-n", name, "link", "set", "lo", "up");
  }

  /** Connects a namespace, or else this machine, through an interface of this name. */
  async #connect(
    link: string,
    namespace?: string,
  ): Promise<{ port: string; address: string }> {
    const number = ++this.#hosts;
    const port = `port${number}`;
    const address = `${this.#subnet}.${number}`;
    const inNamespace = namespace ? ["-n", namespace] : [];
    await ip(
      ...["-n", this.#switch, "link", "add", port, "type", "veth"],
      ...["peer", "name", link, "netns", namespace ?? String(Deno.pid)],
    );
    await ip(...inNamespace, "address", "add", `${address}/24`, "dev", link);
    await ip(...inNamespace, "link", "set", link, "up");
    await ip("-n", this.#switch, "link", "set", port, "master", "bridge");
    await ip("-n", this.#switch, "link", "set", port, "up");
    return { port, address };
  }

  /** Removes the network, its hosts, and what still runs on them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

/** A host of a {@linkcode Network}. */
export class NetworkHost implements Host {
  readonly address: string;
  readonly command: readonly string[];
  readonly #cable: { of: string; port: string };

  /** @param cable The namespace of the bridge, and its port that leads here. */
  constructor(
    address: string,
    namespace: string,
    cable: { of: string; port: string },
  ) {
    this.address = address;
    this.command = ["ip", "netns", "exec", namespace];
    this.#cable = cable;
  }

  /** Unplugs the host from the network, which its system notices. */
  unplug(): Promise<void> {
    return this.#set("down");
  }

  /** Plugs the host in again. */
  plugIn(): Promise<void> {
    return this.#set("up");
  }

  /** Loses all that the host sends and receives, which nobody notices. */
  loseAll(): Promise<void> {
    return this.#set("nomaster");
  }

  /** Loses nothing any more. */
  loseNothing(): Promise<void> {
    return this.#set("master", "bridge");
  }

  async #set(...options: string[]): Promise<void> {
    const { of, port } = this.#cable;
    await ip("-n", of, "link", "set", port, ...options);
  }
}

/** Returns the first three bytes of addresses that this machine does not use. */
async function freeSubnet(): Promise<string> {
  const routes: { dst: string }[] = JSON.parse(
    await ip("-json", "-4", "route", "show", "table", "all"),
  );
  for (let attempt = 0; attempt < 256; attempt++) {
    const number = Deno.pid + attempt;
    const block = `10.${(number >> 8) % 256}.`;
    const isFree = routes.every(({ dst }) =>
      !dst.startsWith(block) && !/^10\..*\/(?:[89]|1[0-5])$/.test(dst)
    );
    if (isFree) return `${block}${number % 256}`;
  }
  throw new Error("Cannot create a network as all addresses 10.* are in use");
}

/** Removes the networks of tests that were killed. */
async function removeAbandoned(): Promise<void> {
  const lines = (await ip("netns", "list")).split("\n");
  for (const [name] of lines.map((line) => line.split(" "))) {
    const pid = NAMESPACE.exec(name)?.[1];
    if (pid && !await exists(`/proc/${pid}`)) await removeNamespace(name);
  }
}

/** Removes a namespace with its interfaces and processes, if it exists. */
async function removeNamespace(name: string): Promise<void> {
  const pids = await ip("netns", "pids", name).catch(() => "");
  for (const pid of pids.split("\n").filter(Boolean)) {
    try {
      Deno.kill(Number(pid), "SIGKILL");
    } catch {
      // It has exited in the meantime.
    }
  }
  await ip("netns", "delete", name).catch(() => {});
}

/** Runs `ip` and returns its output. */
async function ip(...args: string[]): Promise<string> {
  return await capture("ip", args);
}
