import { expect, it } from "vitest";
import {
  describeMethodologies,
  describeMethodology,
} from "../../../../src/app/methodologies/describeMethodology.ts";

it("lists what ships by code and version", async () => {
  const names = (await describeMethodologies(null)).map(({ code, version }) => `${code}@${version}`);
  expect(names.length).toBeGreaterThan(20);
  expect(names).toEqual(names.toSorted());
  expect(new Set((await describeMethodologies(null)).map(({ state }) => state))).toEqual(
    new Set(["shipped"]),
  );
});

it("finds a version by its code, its name and its id's first digits, six characters at least", async () => {
  const [first] = await describeMethodologies(null);
  const { code = "", version = "", methodologyId = "0x" } = first ?? {};
  for (const name of [`${code}@${version}`, methodologyId, methodologyId.slice(0, 6)])
    expect(await describeMethodology(null, name)).toEqual(first);
  for (const name of [methodologyId.slice(0, 5), code.slice(0, -1), `${code}@none`, ""])
    await expect(describeMethodology(null, name)).rejects.toMatchObject({
      code: "methodology.unknown",
      message:
        `There is no methodology ${JSON.stringify(name)}. ` +
        "`microtonne methodology list --all` shows all.",
    });
});
