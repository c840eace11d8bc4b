import { exists } from "@std/fs";
import { capture, progress } from "./project.ts";

/** The daemons and clients of a cluster, and the database of its accounting. */
const PACKAGES = [
  "munge",
  "slurmctld",
  "slurmd",
  "slurm-client",
  "slurmdbd",
  "mariadb-server",
];

/**
 * Installs Slurm from Debian where that is possible; the tests say why they are
 * skipped where it is not.
 */
export function ensureSlurm(): Promise<void> {
  return installed ??= install();
}

let installed: Promise<void> | undefined;

async function install(): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return;
  const programs = ["munged", "slurmctld", "slurmd", "slurmdbd", "mariadbd"];
  const found = await Promise.all(
    programs.map((name) => exists(`/usr/sbin/${name}`)),
  );
  if (found.every(Boolean) || !await exists("/usr/bin/apt-get")) return;
  progress("Installing Debian's Slurm for the tests of jobs (a minute) …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const options = ["--yes", "--no-install-recommends"];
  // Its daemons are not to run: each file of tests starts its own.
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = !await exists(policy);
  if (isOurs) {
    await Deno.writeTextFile(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  }
  try {
    await capture("apt-get", ["update"], { env });
    await capture("apt-get", ["install", ...options, ...PACKAGES], { env });
  } catch (error) {
    progress(`Cannot install it: ${(error as Error).message}`);
  } finally {
    if (isOurs) await Deno.remove(policy);
  }
}
