/** Writes an archive as a close does; says where it is, so that it can be killed there. */
import { largeBatch } from "../../../../scripts/bench/samples/largeBatch.ts";
import { archiveFolder } from "../../../../src/adapters/archive/archiveFolder.ts";
import { MANIFEST_PATH } from "../../../../src/format/archive/archiveLayout.ts";
import { ArchiveStream } from "../../../../src/format/archive/archiveStream.ts";

const [folder = "", count = ""] = process.argv.slice(2);
const batch = await largeBatch(Number(count));
const draft = await archiveFolder(folder).draft("01");
console.log("begun");
let files = 0;
const archive = new ArchiveStream({
  async write(path, bytes) {
    await draft.write(path, bytes);
    console.log(path.startsWith("tiles") ? "tile" : `file ${String(++files)}`);
  },
});
for (const leaves of batch.chunks()) await archive.push(leaves);
const { bytes, batchId } = batch.seal(await archive.finish());
console.log("leaves");
await draft.write(MANIFEST_PATH, bytes);
console.log("manifest");
await draft.publish(batchId);
console.log(`published ${batchId}`);
