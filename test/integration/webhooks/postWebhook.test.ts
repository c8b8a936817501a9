import { execFileSync, spawnSync } from "node:child_process";
import { lookup as dnsLookup } from "node:dns";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { createServer, type AddressInfo, type LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { postWebhook, type PostOptions } from "../../../src/adapters/webhooks/postWebhook.ts";
import { startReceiver, type Receiver } from "./support/receiver.ts";

const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.close();
});

async function receiver(...given: Parameters<typeof startReceiver>): Promise<Receiver> {
  const made = await startReceiver(...given);
  started.push(made);
  return made;
}

const lookup: LookupFunction = dnsLookup;
const closed: PostOptions = { allow: [], lookup };
const open = ({ host }: Receiver, deadlineMilliseconds = 5_000): PostOptions => ({
  allow: [host],
  lookup,
  deadlineMilliseconds,
});

/**
 * A name service of the test's own: answers each question with the next list of addresses, the last one again
 * and again.
 */
function answering(...answers: string[][]): LookupFunction & { asked: string[] } {
  const asked: string[] = [];
  const answer: LookupFunction = (hostname, options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    const family = (address: string): number => (address.includes(":") ? 6 : 4);
    if (options.all === true)
      callback(
        null,
        addresses.map((address) => ({ address, family: family(address) })),
      );
    else callback(null, addresses[0] ?? "", family(addresses[0] ?? ""));
  };
  return Object.assign(answer, { asked });
}

describe("a webhook's request", () => {
  it("brings headers and body, and answers the status", async () => {
    const target = await receiver(
      (response) => void response.writeHead(202, { "retry-after": "7" }).end("fine"),
    );
    const body = JSON.stringify({ text: "绿色出行" });
    expect(await postWebhook(target.url, { "webhook-id": "msg_1" }, body, open(target))).toEqual({
      status: 202,
      retryAfter: "7",
    });
    expect(target.received).toMatchObject([
      { method: "POST", url: "/hook", body, headers: { "webhook-id": "msg_1" } },
    ]);
  });

  it.each([
    "http://127.0.0.1:$/",
    "https://127.0.0.1:$/",
    "https://[::1]:$/",
    "https://0.0.0.0:$/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1:$/",
    "https://2130706433:$/",
    "https://0x7f.1:$/",
    "https://017700000001:$/",
    "https://[::ffff:127.0.0.1]:$/",
    "https://localhost:$/",
    "https://user:password@example.com/",
    "file:///etc/passwd",
    "not a URL",
  ])("never leaves for %s", async (pattern) => {
    const target = await receiver();
    const url = pattern.replace("$", target.host.split(":")[1] as string);
    const asked = answering(["127.0.0.1"]);
    expect(await postWebhook(url, {}, "{}", { allow: [], lookup: asked })).toEqual({ failure: "address" });
    expect(asked.asked).toEqual([]);
    expect(target.received).toEqual([]);
  });

  it.each([
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "::7f00:1",
    "4000::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
  ])(
    "goes nowhere where the receiver's name leads to %s, alone or beside a public address",
    async (address) => {
      for (const addresses of [
        [address],
        ["93.184.215.14", address],
        [address, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
      ]) {
        const names = answering(addresses);
        expect(
          await postWebhook("https://hooks.example.com/", {}, "{}", { allow: [], lookup: names }),
        ).toEqual({ failure: "address" });
        expect(names.asked).toEqual(["hooks.example.com"]);
      }
    },
  );

  it("asks for a name once: public first, local later is public; the other way is refused", async () => {
    let connections = 0;
    const local = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => local.listen(0, "127.0.0.1", resolve));
    const { port } = local.address() as AddressInfo;
    const url = `https://rebinding.example.com:${String(port)}/`;
    const signal = AbortSignal.timeout(400);
    // 192.0.32.10 is public; whether it answers does not matter, nor does the second answer.
    const publicFirst = answering(["192.0.32.10"], ["127.0.0.1"]);
    expect(await postWebhook(url, {}, "{}", { allow: [], lookup: publicFirst, signal })).not.toHaveProperty(
      "status",
    );
    expect(publicFirst.asked).toHaveLength(1);
    const localFirst = answering(["127.0.0.1"], ["192.0.32.10"]);
    expect(await postWebhook(url, {}, "{}", { allow: [], lookup: localFirst })).toEqual({
      failure: "address",
    });
    expect(connections).toBe(0);
    await new Promise((resolve) => local.close(resolve));
  });

  it("does not reach the operator's own receivers by another port, name or spelling", async () => {
    const [target, other] = [await receiver(), await receiver()];
    const names = answering(["127.0.0.1"]);
    for (const url of [
      other.url,
      other.url.replace("127.0.0.1", "hooks.example.com"),
      target.url.replace("http:", "ftp:"),
    ]) {
      expect(await postWebhook(url, {}, "{}", { allow: [target.host], lookup: names })).toEqual({
        failure: "address",
      });
    }
    expect(other.received).toEqual([]);
  });

  it("does not follow a redirect, to loopback or anywhere", async () => {
    const inner = await receiver();
    const outer = await receiver((response) => void response.writeHead(307, { location: inner.url }).end());
    expect(
      await postWebhook(outer.url, {}, "{}", { ...open(outer), allow: [outer.host, inner.host] }),
    ).toEqual({
      status: 307,
      retryAfter: null,
    });
    expect(inner.received).toEqual([]);
  });

  it("gives up on a receiver that says nothing, or a little at a time", async () => {
    const silent = await receiver(() => undefined);
    expect(await postWebhook(silent.url, {}, "{}", open(silent, 300))).toEqual({ failure: "timeout" });
    const dripping = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.write("HTTP/1.1 200 OK\r\n");
      const drip = setInterval(() => socket.write("x-drip: 1\r\n"), 50);
      socket.on("close", () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => dripping.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${String((dripping.address() as AddressInfo).port)}`;
    const begun = Date.now();
    expect(
      await postWebhook(`http://${host}/`, {}, "{}", { allow: [host], lookup, deadlineMilliseconds: 400 }),
    ).toEqual({
      failure: "timeout",
    });
    expect(Date.now() - begun).toBeLessThan(2_000);
    await new Promise((resolve) => dripping.close(resolve));
  });

  it("reads 64 KiB of an endless answer and no more, and a slow one to the deadline", async () => {
    let sent = 0;
    const endless = await receiver((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) sent += 16_384;
        sent += 16_384;
      };
      response.on("drain", more);
      more();
    });
    expect(await postWebhook(endless.url, {}, "{}", open(endless))).toMatchObject({ status: 200 });
    // What the sockets' own buffers hold comes on top.
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    const slow = await receiver((response) => void response.write("."));
    const begun = Date.now();
    expect(await postWebhook(slow.url, {}, "{}", open(slow, 400))).toMatchObject({ status: 200 });
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  it("is a plain failure where nobody listens, the name is unknown, or HTTP is not spoken", async () => {
    const gone = await startReceiver();
    await gone.close();
    expect(await postWebhook(gone.url, {}, "{}", open(gone))).toEqual({ failure: "connection" });
    const unknown: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error("unknown"), { code: "ENOTFOUND" }), "");
    expect(
      await postWebhook("https://nowhere.example.com/", {}, "{}", { ...closed, lookup: unknown }),
    ).toEqual({ failure: "name" });
    const rude = createServer(
      (socket) =>
        void socket
          .on("error", () => undefined)
          .resume()
          .end("220 mail.example.com ESMTP\r\n"),
    );
    await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${String((rude.address() as AddressInfo).port)}`;
    expect(await postWebhook(`http://${host}/`, {}, "{}", { allow: [host], lookup })).toEqual({
      failure: "protocol",
    });
    await new Promise((resolve) => rude.close(resolve));
  });

  it.skipIf(spawnSync("openssl", ["version"]).status !== 0)(
    "speaks TLS only with a receiver whose certificate it trusts",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "microtonne-tls-"));
      const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      const subject = ["-subj", "/CN=receiver.test", "-addext", "subjectAltName=DNS:receiver.test"];
      execFileSync(
        "openssl",
        [
          "req",
          "-x509",
          "-newkey",
          "rsa:2048",
          "-nodes",
          "-days",
          "2",
          "-keyout",
          key,
          "-out",
          cert,
          ...subject,
        ],
        {
          stdio: "ignore",
        },
      );
      const pem = readFileSync(cert, "utf8");
      const server = createTlsServer(
        { key: readFileSync(key), cert: pem },
        (_request, response) => void response.writeHead(204).end(),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const host = `receiver.test:${String((server.address() as AddressInfo).port)}`;
      const options: PostOptions = { allow: [host], lookup: answering(["127.0.0.1"]) };
      const trusted = getCACertificates("default");
      try {
        expect(await postWebhook(`https://${host}/`, {}, "{}", options)).toEqual({ failure: "tls" });
        setDefaultCACertificates([...trusted, pem]);
        expect(await postWebhook(`https://${host}/`, {}, "{}", options)).toMatchObject({ status: 204 });
        // The name that the certificate is for, and no other.
        const other = host.replace("receiver", "other");
        expect(await postWebhook(`https://${other}/`, {}, "{}", { ...options, allow: [other] })).toEqual({
          failure: "tls",
        });
      } finally {
        setDefaultCACertificates(trusted);
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
