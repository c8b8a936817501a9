import { expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../../src/format/batch/classes/classLists.ts";
import { proposeProfile, type Known } from "../../../../../src/stages/ingest/propose/proposeProfile.ts";
import { pieces, type Content } from "../support/helpers.ts";
import { workbook } from "../support/workbook.ts";

const ROWS = Array.from({ length: 24 }, (_, i) => i);
const two = (value: number): string => String(value).padStart(2, "0");
const table = (header: string, row: (i: number) => string): string =>
  `${header}\n${ROWS.map((i) => `${row(i)}\n`).join("")}`;
const at = (i: number, hour = 8): string => `2026-05-${two((i % 28) + 1)} ${two(hour)}:${two(i)}:00`;
/** A table whose header holds words in some encoding. */
const encoded = (words: readonly number[]): Buffer =>
  Buffer.concat([
    Buffer.from("id,"),
    Uint8Array.from(words),
    Buffer.from(`,km\n${ROWS.map((i) => `${String(i)},${at(i)},${String(i + 1)}.5\n`).join("")}`),
  ]);

const FILES: Readonly<Record<string, { readonly file: Content; readonly known?: Partial<Known> }>> = {
  "one column": { file: "word\none\ntwo\n" },
  "one line": { file: "id,start,km" },
  "no rows": { file: "id,start,km\n" },
  "all that is known": {
    file: table("id,user,start,end,km", (i) => `${String(i)},u,${at(i)},${at(i, 9)},1.5`),
    known: {
      name: "rome",
      provider: "rome-bikes",
      region: "ROMA",
      zone: "Europe/Rome",
      scenario: "bike",
      fileName: "citt\u00e0\n.csv",
      path: "my profiles/rome.yaml",
    },
  },
  "traditional Chinese": { file: encoded([0xb6, 0x7d, 0xa9, 0x6c]) },
  Japanese: { file: encoded([0x8a, 0x4a, 0x8e, 0x6e, 0x83, 0x5c, 0x95, 0x5c]) },
  Korean: { file: encoded([0xbd, 0xc3, 0xc0, 0xdb, 0xbd, 0xc3, 0xb0, 0xa3]) },
  "bytes of no encoding": { file: encoded([0xff, 0xff, 0xff, 0xff, 0x81, 0xff]) },
  "UTF-16 without a mark, small end first": {
    file: Buffer.from(
      table("id,start,km", (i) => `${String(i)},${at(i)},1.5`),
      "utf16le",
    ),
  },
  "UTF-16 without a mark, big end first": {
    file: Buffer.from(
      table("id,start,km", (i) => `${String(i)},${at(i)},1.5`),
      "utf16le",
    ).swap16(),
  },
  "lines before the header, rows of other widths": {
    file: `Export of May\nby somebody\n${table("id\tstart\tstop\tmiles", (i) =>
      i === 7
        ? `${String(i)}\t${at(i)}\t${at(i, 9)}`
        : `${String(i)}\t${at(i)}\t${at(i, 9)}\t${String(i)}.25`,
    )}`,
  },
  "no header": { file: ROWS.map((i) => `${String(i)};${at(i)};${at(i, 9)};${String(i)}.5\n`).join("") },
  "a header twice the same": { file: table("a,a,start", (i) => `x${String(i)},y,${at(i)}`) },
  "durations in seconds": {
    file: table("trip,begin,duration_sec,distance_m", (i) => `T${String(i)},${at(i)},${String(600 + i)},900`),
  },
  "durations in minutes": {
    file: table("order,begin,minutes,km", (i) => `T${String(i)},${at(i)},${String(10 + i)},9.5`),
  },
  "durations in milliseconds": {
    file: table("session,begin,duration_ms,kWh", (i) => `T${String(i)},${at(i)},${String(600_000 + i)},9.5`),
  },
  "durations in hours": {
    file: table("session,begin,hours,Wh", (i) => `T${String(i)},${at(i)},1.${String(i)},9500`),
  },
  "durations as a clock": {
    file: table("session,begin,Duration,MWh", (i) => `T${String(i)},${at(i)},01:${two(i)},0.0095`),
  },
  "a duration without a unit": {
    file: table("session,begin,Duration,energy", (i) => `T${String(i)},${at(i)},${String(900 + i)},9.5`),
  },
  "dates alone": {
    file: table("meal,date,customer", (i) => `M${String(i)},2026-05-${two((i % 28) + 1)},c${String(i % 5)}`),
  },
  "day and month in either order": {
    file: table(
      "id,start,km",
      (i) => `${String(i)},0${String((i % 9) + 1)}/0${String((i % 8) + 1)}/2026 08:00,1.5`,
    ),
  },
  "an end that nothing names": {
    file: table("id,moment one,moment two,km", (i) => `${String(i)},${at(i)},${at(i, 9)},1.5`),
  },
  "an end that lies before the start": {
    file: table("id,start,other time,km", (i) => `${String(i)},${at(i, 9)},${at(i)},1.5`),
  },
  "no time": { file: table("id,name,km", (i) => `${String(i)},n${String(i % 3)},1.5`) },
  "an id of two columns": {
    file: table("card,start,km", (i) => `c${String(i % 3)},${at(i)},1.5`),
  },
  "thousands with points": {
    file: table("id;start;Distanz (m)", (i) => `${String(i)};${at(i)};1.${String(100 + i)},5`),
  },
  "thousands with spaces": {
    file: table("id;start;distance m", (i) => `${String(i)};${at(i)};1 ${String(100 + i)},5`),
  },
  "seconds since 1970, milliseconds since 1970": {
    file: table(
      "id,started,ended,m",
      (i) => `${String(i)},${String(1_767_300_000 + i)},${String(1_767_300_600 + i)},9`,
    ),
  },
  "milliseconds since 1970": {
    file: table(
      "id,started,ended,m",
      (i) => `${String(i)},${String(1_767_300_000_000 + i)},${String(1_767_300_600_000 + i)},9`,
    ),
  },
  "dates as mails write them": {
    file: table("id|start|kwh", (i) => `${String(i)}|Fri, ${two((i % 28) + 1)} May 2026 08:00:00 GMT|1.5`),
  },
  "taps in and out": {
    file: table("id,card,gate,station,time", (i) =>
      [i, `c${String(Math.floor(i / 2) % 4)}`, i % 2 === 0 ? "in" : "out", `S${String(i % 5)}`, at(i)].join(
        ",",
      ),
    ),
  },
  "readings of meters": {
    file: table("meter,time,kwh", (i) => `m${String(i % 2)},${at(i)},0.2`),
  },
  "words for nothing, columns of nothing": {
    file: table("id,start,km,empty,note", (i) => `${String(i)},${at(i)},${i % 3 === 0 ? "N/A" : "1.5"},,-`),
  },
  "latitude and longitude in either order": {
    file: table(
      "id,start,from point,to point",
      (i) => `${String(i)},${at(i)},"30.5${two(i)}, 114.3","30.6, 114.4${two(i)}"`,
    ),
  },
  "JSON in pages": {
    file: JSON.stringify({
      page: 1,
      "a/b~c": { trips: ROWS.map((i) => ({ id: i, when: at(i), km: 1.5, tags: ["x"] })) },
    }),
  },
  "JSON of people with rides": {
    file: JSON.stringify(
      ROWS.map((i) => ({ user: `u${String(i)}`, rides: [{ no: i, start: at(i), km: 1.5 }] })),
    ),
  },
  "JSON with places as pairs": {
    file: ROWS.map((i) =>
      JSON.stringify({
        id: i,
        start_time: at(i),
        from: [114.3, 30.5],
        to: [114.4, 30.6],
        long: [1, 2, 3, 4, 5],
        none: null,
      }),
    ).join("\n"),
  },
  "an object and nothing else": { file: '{"a":{"b":1}}' },
  "JSON cut short": { file: `{"data":{"rows":[{"id":1,"start":"${at(1)}","km":1},{"id":2,` },
  "a workbook with a title": {
    file: workbook([
      {
        name: "x",
        rows: [
          ["Report"],
          ["2026"],
          ["No", "Begin", "End", "Energy kWh"],
          ...ROWS.map((i) => [`n${String(i)}`, { days: 45_000 + i }, { days: 45_000.5 + i }, 2.5]),
        ],
      },
    ]),
  },
};
/** Words of other languages and platforms: each is known by what it is called. */
const HEADS: readonly string[] = [
  "trip_id,from_time,until,user_id,passenger_km",
  "uuid,connectionTime,disconnectTime,rfid tag,kWhDelivered",
  "session no,arrival,departure,badge,energy_wh",
  "order key,pick-up,drop-off,account,miles",
  "event nr,d\u00e9but,fin,carte,kilom\u00e8tres",
  "viaje,comienzo,t\u00e9rmino,tarjeta,distancia km",
  "folio,in\u00edcio,chegada,cart\u00e3o,dist\u00e2ncia km",
  "bestellung,anfang,ende,konto,strecke km",
  "buchung,abfahrt,ankunft,kunde,km",
  "commande,mont\u00e9e,descente,t\u00e9l\u00e9phone,km",
  "\u7f16\u53f7,\u5f00\u59cb,\u7ed3\u675f,\u624b\u673a,\u8ddd\u79bb",
  "\u6d41\u6c34,\u8fdb\u7ad9,\u51fa\u7ad9,\u5361\u53f7,\u91cc\u7a0b",
  "\u5355\u53f7,\u501f\u8f66,\u8fd8\u8f66,\u7528\u6237,\u7535\u91cf",
  "pedido,sube,baja,usuario,paradas",
  "n\u00famero,embarque,desembarque,passageiro,rota",
  "id,deal_date,close_date,card_no,deal_value",
];

async function proposalOf(file: Content, known: Partial<Known> = {}): Promise<string> {
  const all: Known = {
    name: "new",
    provider: null,
    region: null,
    zone: null,
    scenario: null,
    fileName: "export.csv",
    path: "new.yaml",
    classes: SHIPPED_CLASS_LISTS.newest,
    ...known,
  };
  return proposeProfile({ open: () => pieces(file) }, all, scratchIn()).then(
    ({ yaml }) => yaml,
    (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
  );
}

it.each(Object.entries(FILES))("what is proposed stays as it is for %s", async (_, { file, known }) => {
  expect(await proposalOf(file, known)).toMatchSnapshot();
});

it.each(HEADS)("what is proposed stays as it is for the columns %s", async (head) => {
  const file = table(head, (i) => `r${String(i)},${at(i)},${at(i, 9)},u${String(i % 5)},${String(i + 1)}.5`);
  expect(await proposalOf(file)).toMatchSnapshot();
});

it.each(["bike_trips.csv", "metro-2026.csv", "\u516c\u4ea4.csv", "charging.csv", "carpool.csv", "meals.csv"])(
  "what is proposed stays as it is for a file named %s without a unit",
  async (fileName) => {
    const file = table("id,start,end,value", (i) => `${String(i)},${at(i)},${at(i, 9)},${String(i)}.5`);
    expect(await proposalOf(file, { fileName })).toMatchSnapshot();
  },
);
