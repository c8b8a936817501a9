import { describe, expect, it } from "vitest";
import { Announcements } from "../../../../../src/adapters/storage/engine/announcements.ts";

describe("announcements in one process", () => {
  it("wake whoever listens for their topic, once, until it stops", () => {
    const announcements = new Announcements();
    const woken: string[] = [];
    const stopA = announcements.listen("events", () => woken.push("a"));
    const stopB = announcements.listen("events", () => woken.push("b"));
    announcements.listen("jobs", () => woken.push("jobs"));
    announcements.publish(["events", "events"]);
    expect(woken.splice(0)).toEqual(["a", "b"]);
    announcements.publish(["events", "jobs", "nobody's"]);
    expect(woken.splice(0)).toEqual(["a", "b", "jobs"]);
    stopA();
    stopA();
    announcements.publish(["events"]);
    expect(woken.splice(0)).toEqual(["b"]);
    stopB();
    announcements.publish(["events"]);
    announcements.publish([]);
    expect(woken).toEqual([]);
  });

  it("wake a listener that listens twice twice, and each stops by itself", () => {
    const announcements = new Announcements();
    let woken = 0;
    const wake = () => void woken++;
    const stop = [announcements.listen("events", wake), announcements.listen("events", wake)] as const;
    announcements.publish(["events"]);
    expect(woken).toBe(2);
    stop[0]();
    announcements.publish(["events"]);
    expect(woken).toBe(3);
    stop[1]();
    // Stopping once more does not end what began since.
    announcements.listen("events", wake);
    stop[1]();
    announcements.publish(["events"]);
    expect(woken).toBe(4);
  });
});
