import { describe, expect, it } from "vitest";
import { endpointUrl } from "../../../../src/adapters/webhooks/endpointUrl.ts";

const codeOf = (url: string, allow: readonly string[] = []): string => {
  try {
    endpointUrl(url, allow);
    return "none";
  } catch (error) {
    expect((error as Error).message).not.toContain("canary");
    return (error as { code: string }).code;
  }
};

describe("the URL of a webhook", () => {
  it.each([
    "https://example.com/hook?key=1",
    "https://example.com:8443/",
    "https://例え.jp/hook",
    "https://a.b.example.com:443",
  ])("may be %s", (url) => {
    expect(codeOf(url)).toBe("none");
  });

  it.each([
    ["", "webhook.url"],
    ["/hook", "webhook.url"],
    ["https://", "webhook.url"],
    ["https://exa mple.com/", "webhook.url"],
    ["https://example.com:99999/", "webhook.url"],
    [`https://example.com/${"a".repeat(2048)}`, "webhook.url"],
    ["https://example.com/#canary", "webhook.url"],
    ["http://example.com/canary", "webhook.url-scheme"],
    ["ftp://example.com/", "webhook.url-scheme"],
    ["file:///etc/passwd", "webhook.url"],
    ["gopher://example.com/", "webhook.url-scheme"],
    ["https://canary@example.com/", "webhook.url-credentials"],
    ["https://user:canary@example.com/", "webhook.url-credentials"],
    ["https://example.com:22/", "webhook.url-port"],
    ["https://example.com:25/", "webhook.url-port"],
    ["https://example.com:80/", "webhook.url-port"],
    ["https://127.0.0.1/", "webhook.url-address"],
    ["https://[::1]/", "webhook.url-address"],
    ["https://0.0.0.0/", "webhook.url-address"],
    ["https://0/", "webhook.url-address"],
    ["https://169.254.169.254/latest/meta-data", "webhook.url-address"],
    ["https://10.0.0.1/", "webhook.url-address"],
    ["https://2130706433/", "webhook.url-address"],
    ["https://0x7f.1/", "webhook.url-address"],
    ["https://017700000001/", "webhook.url-address"],
    ["https://[::ffff:127.0.0.1]/", "webhook.url-address"],
    ["https://[::ffff:7f00:1]/", "webhook.url-address"],
    ["https://[::127.0.0.1]/", "webhook.url-address"],
    ["https://127.0.0.1./", "webhook.url-address"],
    ["https://１２７.0.0.1/", "webhook.url-address"],
    ["https://8.8.8.8/", "webhook.url-address"],
    ["https://localhost/", "webhook.url-address"],
    ["https://LOCALHOST./", "webhook.url-address"],
    ["https://hook.localhost:8443/", "webhook.url-address"],
  ])("is refused: %s, %s", (url, code) => {
    expect(codeOf(url)).toBe(code);
  });

  it("may be what the operator has opened, by exactly that host and port", () => {
    const allow = ["127.0.0.1:8080", "[::1]:80", "receiver:443"];
    for (const url of [
      "http://127.0.0.1:8080/x",
      "https://127.0.0.1:8080/",
      "http://2130706433:8080/",
      "http://[::1]/",
      "https://receiver/",
    ]) {
      expect(codeOf(url, allow)).toBe("none");
    }
    for (const url of [
      "http://127.0.0.1:8081/",
      "http://127.0.0.2:8080/",
      "http://localhost:8080/",
      "http://receiver/",
      "http://127.0.0.1/",
    ]) {
      expect(codeOf(url, allow)).not.toBe("none");
    }
    expect(codeOf("http://user:x@127.0.0.1:8080/", allow)).toBe("webhook.url-credentials");
    expect(codeOf("ftp://127.0.0.1:8080/", allow)).toBe("webhook.url-scheme");
  });
});
