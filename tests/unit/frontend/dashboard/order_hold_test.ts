import { assertEquals } from "@std/assert";
import { holdOrder } from "../../../../frontend/dashboard/data/order_hold.ts";

function hold(held: string, sorted: string): string {
  const items = sorted.split("").map((id) => ({ id }));
  return holdOrder(held.split(""), items).map(({ id }) => id).join("");
}

Deno.test("holdOrder keeps the order of known rows", () => {
  assertEquals(hold("abc", "cab"), "abc");
});

Deno.test("holdOrder drops rows that have left", () => {
  assertEquals(hold("abc", "ca"), "ac");
});

Deno.test("holdOrder puts new rows behind those that they follow when sorted", () => {
  assertEquals(hold("abc", "xcyzabw"), "xabwcyz");
  assertEquals(hold("", "ab"), "ab");
});
