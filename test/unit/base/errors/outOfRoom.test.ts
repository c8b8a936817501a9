import { expect, it } from "vitest";
import { outOfRoom } from "../../../../src/base/errors/outOfRoom.ts";

it("a disk or a quota without room is told from other faults, with what to do", () => {
  for (const code of ["ENOSPC", "EDQUOT", "EFBIG"])
    expect(outOfRoom(Object.assign(new Error("x"), { code }))).toMatchObject({
      code: "storage.full",
      message: expect.stringContaining("Make room; then it goes on by itself.") as unknown,
    });
  for (const other of [Object.assign(new Error("x"), { code: "EACCES" }), new Error("x"), "ENOSPC", null])
    expect(outOfRoom(other)).toBeNull();
});
