import { assertEquals } from "@std/assert";
import { parseMounts } from "../../../process/files/mounts.ts";

Deno.test("parseMounts reads mount points with their types", () => {
  const mounts = parseMounts(
    [
      "22 28 0:21 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
      "30 22 0:26 / /mnt/my\\040disk rw - fuse.sshfs me@host:/ rw,user_id=0",
      "31 22 0:27 / /mnt/nfs rw shared:2 master:1 - nfs4 host:/x rw",
      "32 31 0:28 / /mnt/nfs rw - tmpfs tmpfs rw",
      "malformed",
      "",
    ].join("\n"),
  );
  assertEquals([...mounts.values()], [
    { point: "/", type: "ext4" },
    { point: "/mnt/my disk", type: "fuse.sshfs" },
    { point: "/mnt/nfs", type: "tmpfs" },
  ]);
});
