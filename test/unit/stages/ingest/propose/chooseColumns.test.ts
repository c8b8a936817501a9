import { describe, expect, it } from "vitest";
import { chooseColumns } from "../../../../../src/stages/ingest/propose/chooseColumns.ts";
import { columnFacts } from "../../../../../src/stages/ingest/propose/columnFacts.ts";

const ROWS = Array.from({ length: 30 }, (_, i) => i);
const two = (value: number): string => String(value).padStart(2, "0");
/** A time of row `i`, `later` minutes after eight. */
const time = (i: number, later = 0) => `2026-03-${two((i % 28) + 1)} 08:${two(later)}:00`;
type Table = Readonly<Record<string, (i: number) => string>>;
const chosen = (table: Table, hint = "", rows = ROWS) =>
  chooseColumns(
    Object.entries(table).map(([name, of]) => columnFacts(name, rows.map(of), ",")),
    rows.length,
    hint,
  );
const km = () => "1.5";

describe("the columns of a time", () => {
  const START = [
    ["start", "begin", "began", "from time", "from_time", "fromtime", "connection", "arrival", "depart time"],
    ["departtime", "entry", "pick up", "pickup", "début", "debut", "inicio", "início", "comienzo", "sube"],
    ["subida", "montée", "montee", "Abfahrt", "Einstieg", "Anfang", "开始", "进站", "起始", "借车", "上车"],
    ["交易时间", "deal_date", "reading", "datetime", "timestamp", "time", "date", "日期", "时间", "embarque"],
    ["fecha", "datum", "data", "heure", "hora", "Uhrzeit"],
  ].flat();

  it.each(START)("%s is the start, behind another time", (name) => {
    const { start } = chosen({ other: (i) => time(i), [name]: (i) => time(i), km });
    expect(start).toEqual([name]);
  });

  it.each(["other", "seen", "desembarque", "subway"])("%s is none, before another time", (name) => {
    const { start } = chosen({ first: (i) => time(i), [name]: (i) => time(i), km });
    expect(start).toEqual(["first"]);
  });

  it.each([
    "start",
    "begin",
    "connection",
    "arrival",
    "début",
    "开始",
    "进站",
    "起始",
    "借车",
    "上车",
    "inicio",
    "início",
    "comienzo",
    "sube",
    "montée",
    "abfahrt",
    "einstieg",
    "anfang",
    "embarque",
  ])("%s is the start rather than any date", (name) => {
    const { start } = chosen({ date: (i) => time(i), [name]: (i) => time(i), km });
    expect(start).toEqual([name]);
  });

  it.each([
    ["end", "stop", "finish", "disconnect", "departure", "dropoff", "drop off", "until", "fin", "return"],
    ["baja", "bajada", "llegada", "término", "termino", "final", "fim", "descida", "chegada", "desembarque"],
    ["descente", "Ankunft", "Ausstieg", "结束", "出站", "还车", "下车", "完成"],
  ])("the end is known by its name, of others that follow too: %s %s %s", (...names) => {
    for (const name of names) {
      const { start, end, doubts } = chosen({
        begin: (i) => time(i),
        seen: (i) => time(i, 5),
        [name]: (i) => time(i, 9),
        km,
      });
      expect([start, end]).toEqual([["begin"], [name]]);
      expect(doubts.join()).not.toContain("is taken for the end");
    }
  });

  it("of an end without a name for it is doubted", () => {
    const { end, doubts } = chosen({ begin: (i) => time(i), seen: (i) => time(i, 5), km });
    expect(end).toEqual(["seen"]);
    expect(doubts).toContain('"seen" is taken for the end, as it never lies before the start.');
  });

  it("end no act before it began, but for one row in twenty", () => {
    const rows = Array.from({ length: 40 }, (_, i) => i);
    const withEarly = (early: number) =>
      chosen({ begin: (i) => time(i, 5), end: (i) => time(i, i < early ? 1 : 9), km }, "", rows).end;
    expect(withEarly(2)).toEqual(["end"]);
    expect(withEarly(3)).toBeNull();
    // At the same moment is not before it; what is empty says nothing.
    expect(chosen({ begin: (i) => time(i), end: (i) => time(i), km }).end).toEqual(["end"]);
    expect(chosen({ begin: (i) => time(i), end: (i) => (i < 20 ? "" : time(i)), km }).end).toEqual(["end"]);
    expect(
      chosen({ begin: (i) => (i < 15 ? time(i) : ""), end: (i) => (i < 15 ? "" : time(i)), km }).end,
    ).toBeNull();
  });

  it("are one where nothing follows it", () => {
    const { end, duration, doubts } = chosen({ begin: (i) => time(i), km });
    expect([end, duration]).toEqual([null, null]);
    expect(doubts).toContain(
      "No column looks like an end or a duration, so speed and duration can't be checked.",
    );
    const lasting = chosen({ begin: (i) => time(i), "duration minutes": String, km });
    expect(lasting.duration).toEqual({ column: "duration minutes", unit: "minutes" });
    expect(lasting.doubts.join()).not.toContain("speed and duration");
    const both = chosen({ begin: (i) => time(i), end: (i) => time(i, 9), "duration minutes": String, km });
    expect([both.end, both.duration]).toEqual([["end"], null]);
    expect(both.doubts.join()).not.toContain("speed and duration");
  });

  it("are none where there is none, and that is said", () => {
    const { start, end, timeFormat, absolute, doubts } = chosen({ a: () => "x", b: () => "y" });
    expect([start, end, timeFormat, absolute]).toEqual([["a"], null, "iso", false]);
    expect(doubts).toContain(
      "No column looks like a time; name it under start and say its format under time.",
    );
    expect(chosen({}).start).toEqual(["start"]);
  });

  it("may be a date and the clocks beside it", () => {
    const { start, end, timeFormat } = chosen({
      day: (i) => `2026-03-${two((i % 28) + 1)}`,
      on: () => "08:05",
      off: () => "09:05",
      km,
    });
    expect([start, end, timeFormat]).toEqual([["day", "on"], ["day", "off"], "yyyy-MM-dd HH:mm"]);
    const doubled = chosen({
      day: (i) => `2026-03-${two((i % 28) + 1)}`,
      on: () => "08:05",
      off: () => "09:05",
    });
    expect(doubled.doubts).toContain(
      '"day" and "off" is taken for the end, as it never lies before the start.',
    );
    // A clock that is not beside it does not count.
    const apart = chosen({ day: (i) => `2026-03-${two((i % 28) + 1)}`, x: () => "x", on: () => "08:05", km });
    expect([apart.start, apart.timeFormat]).toEqual([["day"], "yyyy-MM-dd"]);
    expect(apart.doubts).toContain("The times are dates alone; every act begins at midnight.");
    expect(apart.absolute).toBe(false);
  });

  it("are absolute where both are", () => {
    const utc = (i: number) => `${time(i).replace(" ", "T")}Z`;
    expect(chosen({ start: utc, km }).absolute).toBe(true);
    expect(chosen({ start: utc, end: utc, km }).absolute).toBe(true);
    expect(chosen({ start: utc, end: (i) => time(i, 1), km }).absolute).toBe(false);
    expect(chosen({ start: (i) => time(i), end: utc, km }).absolute).toBe(false);
    expect(chosen({ start: (i) => time(i), km }).absolute).toBe(false);
  });

  it("are doubted where day and month could be exchanged", () => {
    const DOUBT =
      "In the sample day and month could stand in either order: " +
      '"d/M/yyyy H:mm" is a guess, as the rows are ' +
      "more in order so.";
    const day = (i: number) => `${String((i % 12) + 1)}/3/2026 8:05`;
    const rows = ROWS.slice(0, 12);
    expect(chosen({ start: day, km }, "", rows).doubts).toContain(DOUBT);
    // What the end rules out is none of them.
    const sure = chosen({ start: day, end: () => "25/3/2026 8:05", km }, "", rows);
    expect([sure.timeFormat, sure.doubts.join().includes("either order")]).toEqual(["d/M/yyyy H:mm", false]);
    expect(chosen({ start: (i) => time(i), km }).doubts.join()).not.toMatch(/either order|midnight/);
  });
});

describe("the columns that name a record and a person", () => {
  const withId = (table: Table, rows = ROWS) => chosen({ start: (i) => time(i, i), km, ...table }, "", rows);

  it.each([
    ["id", "no", "number", "nr", "key", "uuid", "trip", "session", "order", "event", "ride_no", "tripid"],
    ["viaje", "viagem", "trajet", "fahrt", "folio", "número", "numero", "numéro", "nummer", "sesión"],
    ["sessão", "pedido", "commande", "bestellung", "buchung", "编号", "流水", "单号", "订单", "nr. of ride"],
  ])("are known as %s, %s, %s and so on", (...names) => {
    for (const name of names) {
      // Rather than another one that differs in each row.
      const { id, doubts } = withId({ other: (i) => `o${String(i)}`, [name]: (i) => `x${String(i)}` });
      expect(id).toEqual([name]);
      expect(doubts.join()).not.toMatch(/record's id|names each record/);
    }
  });

  it("are what differs in each of more than twenty rows, and no number", () => {
    const table = { count: (i: number) => String(i), what: (i: number) => `w${String(i)}` };
    const { id, doubts } = withId(table);
    expect(id).toEqual(["what"]);
    expect(doubts).toContain('"what" is taken for the record\'s id, as its values differ in the sample.');
    expect(withId(table, ROWS.slice(0, 21)).id).toEqual(["what"]);
    expect(withId(table, ROWS.slice(0, 20)).id).toEqual(["start"]);
    expect(withId({ count: (i) => String(i) }).id).toEqual(["start"]);
    // Times don't name records, whatever they are called.
    expect(withId({ "event id": (i) => time(i, i) }).id).not.toEqual(["event id"]);
  });

  it("are several together where none is enough: at most two, people last, and the start", () => {
    const { id, doubts } = withId({
      "card no": (i) => `c${String(i % 25)}`,
      "gate no": (i) => String(i % 3),
      "line no": (i) => String(i % 7),
      "bus no": (i) => String(i % 5),
    });
    expect(id).toEqual(["line no", "bus no", "start"]);
    expect(doubts).toContain(
      'No column names each record by itself; its id is made of "line ' +
        'no" and "bus no" and "start". Rows that ' +
        "agree in all of these are one act, as of two riders who board in one minute.",
    );
    expect(withId({ "card no": (i) => `c${String(i % 25)}` }).id).toEqual(["card no", "start"]);
    expect(withId({ colour: (i) => String(i % 3) }).id).toEqual(["start"]);
  });

  it.each([
    [
      "user",
      "uid",
      "card",
      "customer",
      "badge",
      "member",
      "account",
      "contract",
      "idtag",
      "rfid tag",
      "token",
    ],
    ["phone", "usuario", "usuário", "utilisateur", "nutzer", "tarjeta", "cartão", "cartao", "carte", "karte"],
    ["client", "kunde", "pasajero", "passageiro", "Fahrgast", "abonné", "teléfono", "telefon", "cuenta"],
    [
      "Konto",
      "compte",
      "conta",
      "mobile",
      "rider",
      "holder",
      "subject",
      "手机",
      "卡号",
      "用户",
      "会员",
      "账号",
    ],
  ])("a person's account is known as %s, %s, %s and so on", (...names) => {
    for (const name of names) {
      const { subject, doubts } = withId({ id: (i) => `x${String(i)}`, [name]: (i) => `s${String(i % 9)}` });
      expect(subject).toBe(name);
      expect(doubts).toContain(
        `${JSON.stringify(name)} is taken for the person's account in this network alone; say scope: ` +
          "deployment where all platforms use it.",
      );
    }
  });

  it.each(["user type", "card name", "nom client", "username", "colour"])("%s is none", (name) => {
    const { subject, doubts } = withId({ id: (i) => `x${String(i)}`, [name]: (i) => `s${String(i % 9)}` });
    expect(subject).toBeNull();
    expect(doubts).toContain(
      "No column looks like a person's account; acts without a subject can't be compared across platforms.",
    );
  });

  it("a person's account has more than five values, or the sample is short", () => {
    const subject = (distinct: number, rows: number) =>
      withId({ id: (i) => `x${String(i)}`, user: (i) => `u${String(i % distinct)}` }, ROWS.slice(0, rows))
        .subject;
    expect([subject(6, 30), subject(5, 30), subject(5, 20), subject(5, 19)]).toEqual([
      "user",
      null,
      null,
      "user",
    ]);
  });

  it("what names the record alone is no person, what is part of its name may be", () => {
    expect(withId({ "card no": (i) => `c${String(i)}` })).toMatchObject({ id: ["card no"], subject: null });
    expect(withId({ "card no": (i) => `c${String(i % 9)}` })).toMatchObject({
      id: ["card no", "start"],
      subject: "card no",
    });
  });
});

describe("what a profile is not proposed for is pointed at", () => {
  const doubtsOf = (table: Table) => chosen({ start: (i) => time(i), ...table }).doubts.join("\n");
  const JOINS =
    "Stations are named and no distance is: two joins with a list of stations give a great circle " +
    "(docs/profiles.md, joins).";
  const PAIRING =
    "The rows look like taps at gates: the section pairing makes rides of them (docs/profiles.md, pairing).";
  const READINGS =
    "If these are a meter's readings, the section readings compares " +
    "them with a baseline (docs/profiles.md, " +
    "readings).";

  it("stations without a distance", () => {
    for (const name of ["Station", "from_station", "站"])
      expect(doubtsOf({ [name]: () => "A" })).toContain(JOINS);
    expect(doubtsOf({ station: () => "A", km })).not.toContain(JOINS);
    expect(doubtsOf({ stop: () => "A" })).not.toContain(JOINS);
  });

  it("taps at gates", () => {
    for (const value of [
      "进站",
      "入站",
      "出站",
      "in",
      "OUT",
      "entry",
      "exit",
      "tap in",
      "tap-out",
      "check_in",
      "gateout",
    ])
      expect(doubtsOf({ kind: (i) => (i % 2 === 0 ? value : "x") })).toContain(PAIRING);
    for (const value of ["x", "inside", "begin", "tap  in", "换乘", "within"])
      expect(doubtsOf({ kind: () => value })).not.toContain(PAIRING);
    // Many different words are no directions.
    const words = (count: number) =>
      doubtsOf({ kind: (i) => (i % count === 0 ? "in" : `w${String(i % count)}`) });
    expect([words(19).includes(PAIRING), words(20).includes(PAIRING)]).toEqual([true, false]);
  });

  it("a meter's readings, below each other or side by side", () => {
    expect(doubtsOf({ kWh: () => "1.5" })).toContain(READINGS);
    expect(doubtsOf({ kWh: () => "1.5", end: (i) => time(i, 9) })).not.toContain(READINGS);
    expect(doubtsOf({ km })).not.toContain(READINGS);
    const side = (count: number, name: (i: number) => string, value = "1.5") =>
      doubtsOf(Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), () => value])));
    for (const name of [
      (i: number) => `v${String(i)}`,
      (i: number) => ` ${two(i)}:00 `,
      (i: number) => String(i),
    ]) {
      expect(side(12, name)).toContain(
        "12 columns hold numbers under hours or a count: if a row is " +
          "a day's readings, the section readings " +
          "takes them as value.columns (docs/profiles.md, readings).",
      );
      expect(side(11, name)).not.toContain("columns hold numbers");
    }
    expect(side(12, (i) => `v${String(i)}`, "x")).not.toContain("columns hold numbers");
    expect(side(12, (i) => `v${String(1000 + i)}`)).not.toContain("columns hold numbers");
    expect(side(12, (i) => `v${String(i)}x`)).not.toContain("columns hold numbers");
  });
});

describe("the scenario", () => {
  const scenario = (hint: string, quantity: string | null, more: Table = {}) => {
    const table = quantity === null ? {} : { [quantity]: () => "1.5" };
    const found = chosen({ start: (i) => time(i), ...table, ...more }, hint);
    return [found.scenario, found.doubts.find((doubt) => doubt.startsWith("The scenario")) ?? null];
  };

  it.each([
    [
      "bike",
      "km",
      ["bike", "Bicycle", "cycle", "bicicleta", "vélo", "velo-hire", "Fahrrad", "单车", "自行车"],
    ],
    ["metro", "km", ["metro", "subway", "rail", "métro", "U-Bahn", "地铁"]],
    ["bus", null, ["bus", "公交", "巴士"]],
    ["carpool", "passenger-km", ["carpool", "拼车"]],
    ["ev-charging", "kWh", ["charging", "recarga", "Ladung", "ev-trips", "my_ev_x", "充电", "connector"]],
    ["electricity-saving", "kWh", ["electric", "eléctrica", "Zähler", "zaehler zahler", "meter", "medidor"]],
    ["electricity-saving", "kWh", ["supply", "power", "用电"]],
  ] as const)("%s of %s is known by its words", (name, unit, words) => {
    for (const word of words) expect(scenario(word, unit)).toEqual([name, null]);
  });

  it("of kWh with an end is no meter's reading", () => {
    const end: Table = { end: (i) => time(i, 9) };
    const GUESS = "The scenario is a guess: ev-charging.";
    for (const word of ["electric", "meter", "power"])
      expect(scenario(word, "kWh", end)).toEqual(["ev-charging", GUESS]);
    for (const word of ["electricity-saving", "electricity saving", "用电"])
      expect(scenario(word, "kWh", end)).toEqual(["electricity-saving", null]);
    expect(scenario("meter", "kWh", { "duration minutes": String })).toEqual(["ev-charging", GUESS]);
  });

  it("is one of the quantity's unit, told by columns' names too, else a guess", () => {
    expect(scenario("", "km", { subway: () => "x" })).toEqual(["metro", null]);
    expect(scenario("bike", "kWh")).toEqual(["ev-charging", "The scenario is a guess: ev-charging."]);
    expect(scenario("charging", "km")).toEqual(["bike", "The scenario is a guess: bike."]);
    expect(scenario("", "km")).toEqual(["bike", "The scenario is a guess: bike."]);
    expect(scenario("velocity", "km")).toEqual(["bike", "The scenario is a guess: bike."]);
    expect(scenario("level", "kWh")).toEqual(["ev-charging", "The scenario is a guess: ev-charging."]);
    expect(scenario("bike", "passenger-km")[0]).not.toBe("bike");
    expect(scenario("metro", "passenger-km")).toEqual(["metro", null]);
    expect(scenario("", null)).toEqual(["bus", "The scenario is a guess: bus."]);
  });
});
