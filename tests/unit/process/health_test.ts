import { assertEquals, assertThrows } from "@std/assert";
import { parseHealth } from "../../../process/directory/health.ts";
import { ReasonError } from "../../../process/files/reading.ts";

const json = JSON.stringify;

Deno.test("parseHealth reads a report with all its fields", () => {
  const text = json({
    timestamp: "2026-01-02T03:04:05.678Z",
    status: "healthy",
    message: "all is well",
    details: { requests: 7 },
  });
  assertEquals(parseHealth(text), {
    status: "healthy",
    message: "all is well",
    timestamp: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    details: { requests: 7 },
  });
});

Deno.test("parseHealth requires only a status, which may be any string", () => {
  const nothing = { message: null, timestamp: null, details: null };
  for (const status of ["healthy", "degraded", "Sick!", ""]) {
    assertEquals(parseHealth(json({ status })), { status, ...nothing });
  }
  const text = json({ status: "ok", ...nothing, unknown: [1] });
  assertEquals(parseHealth(text), { status: "ok", ...nothing });
});

Deno.test("parseHealth uses the message in the details if the report has none", () => {
  const details = { message: "disk full" };
  assertEquals(
    parseHealth(json({ status: "x", details })).message,
    "disk full",
  );
  assertEquals(
    parseHealth(json({ status: "x", message: "", details })).message,
    "",
  );
  assertEquals(
    parseHealth(json({ status: "x", details: { message: 7 } })).message,
    null,
  );
});

Deno.test("parseHealth reads a time without a zone as local time, as Python writes it", () => {
  const timestamp = "2026-01-02T03:04:05.678901";
  assertEquals(
    parseHealth(json({ status: "x", timestamp })).timestamp,
    new Date(2026, 0, 2, 3, 4, 5, 678).getTime(),
  );
});

Deno.test("parseHealth ignores a malformed timestamp", () => {
  for (const timestamp of ["", "now", "7", "2026-99-99T00:00:00Z"]) {
    assertEquals(parseHealth(json({ status: "x", timestamp })).timestamp, null);
  }
});

Deno.test("parseHealth rejects incomplete JSON", () => {
  for (const text of ["", "{", '{"status": "heal', "healthy"]) {
    assertThrows(() => parseHealth(text), ReasonError, "it is not valid JSON");
  }
});

Deno.test("parseHealth rejects values of another type and names the field", () => {
  for (const value of [[], ["healthy"], "healthy", 1, true, null]) {
    assertThrows(
      () => parseHealth(json(value)),
      ReasonError,
      "it does not hold a JSON object",
    );
  }
  const rejected: [unknown, string][] = [
    [{}, "'status' is missing"],
    [{ status: null }, "'status' is missing"],
    [{ status: 1 }, "'status' is not a string"],
    [{ status: ["healthy"] }, "'status' is not a string"],
    [{ status: "x", message: 1 }, "'message' is not a string"],
    [{ status: "x", timestamp: 1 }, "'timestamp' is not a string"],
    [{ status: "x", details: "x" }, "'details' is not an object"],
    [{ status: "x", details: [] }, "'details' is not an object"],
  ];
  for (const [value, message] of rejected) {
    assertThrows(() => parseHealth(json(value)), ReasonError, message);
  }
});
