import { describe, expect, it } from "vitest";
import { chooseDuration } from "../../../../../src/stages/ingest/propose/chooseDuration.ts";
import { choosePlaces } from "../../../../../src/stages/ingest/propose/choosePlaces.ts";
import { chooseQuantity } from "../../../../../src/stages/ingest/propose/chooseQuantity.ts";
import { columnFacts } from "../../../../../src/stages/ingest/propose/columnFacts.ts";

/** Columns by name, one value a row. */
const columns = (table: Readonly<Record<string, readonly string[]>>, delimiter = ",") =>
  Object.entries(table).map(([name, values]) => columnFacts(name, values, delimiter));
const NONE =
  "No column looks like a distance or an energy, so each row counts as one trip. Say under quantity where " +
  "the number stands.";

describe("the column of a quantity", () => {
  const chosen = (table: Readonly<Record<string, readonly string[]>>, delimiter?: string) => {
    const doubts: string[] = [];
    return { chosen: chooseQuantity(columns(table, delimiter), doubts), doubts };
  };
  const named = (name: string) => {
    const { chosen: found, doubts } = chosen({ n: ["5"], [name]: ["1.5", "2"] });
    return found && [found.section["unit"], found.as, ...doubts];
  };

  it.each([
    ["kWh", "kWh", "kWh"],
    ["Energy_kwh", "kWh", "kWh"],
    ["电量", "kWh", "kWh"],
    ["充电量", "kWh", "kWh"],
    ["度数", "kWh", "kWh"],
    ["energy", "kWh", "kWh"],
    ["énergie", "kWh", "kWh"],
    ["energie", "kWh", "kWh"],
    ["energía", "kWh", "kWh"],
    ["energia", "kWh", "kWh"],
    ["consumo", "kWh", "kWh"],
    ["Verbrauch", "kWh", "kWh"],
    ["Wh", "Wh", "kWh"],
    ["used Wh", "Wh", "kWh"],
    ["energy (Wh)", "Wh", "kWh"],
    ["passenger-km", "passenger-km", "passenger-km"],
    ["passenger km", "passenger-km", "passenger-km"],
    ["passengerkm", "passenger-km", "passenger-km"],
    ["客公里", "passenger-km", "passenger-km"],
    ["km", "km", "km"],
    ["trip_km", "km", "km"],
    ["km (total)", "km", "km"],
    ["totalkm", "km", "km"],
    ["Kilometres", "km", "km"],
    ["kilomètres", "km", "km"],
    ["kilómetros", "km", "km"],
    ["quilômetros", "km", "km"],
    ["chilometri quilometri", "km", "km"],
    ["公里", "km", "km"],
    ["里程", "km", "km"],
    ["miles", "mi", "km"],
    ["mileage", "mi", "km"],
    ["meters", "m", "km"],
    ["metres", "m", "km"],
    ["mètre", "m", "km"],
    ["Meter", "m", "km"],
    ["metre_count", "m", "km"],
    ["m", "m", "km"],
    ["way_m", "m", "km"],
    ["metros", "m", "km"],
    ["distance", "m", "km"],
    ["米", "m", "km"],
    ["Strecke", "m", "km"],
    ["Entfernung", "m", "km"],
  ])("%s is in %s, counted in %s", (name, unit, as) => {
    const [found, counted, ...doubts] = named(name) ?? [];
    expect([found, counted]).toEqual([unit, as]);
    // Where the name does not hold the unit's own letters it is a guess.
    expect(doubts).toEqual(
      name.toLowerCase().includes(unit.toLowerCase()) ? [] : [`The unit of "${name}" is a guess: ${unit}.`],
    );
  });

  it.each(["akmb", "km2", "metresque", "metrosx", "mass", "way_mass", "whole", "bmw", "cost"])(
    "%s says nothing of a quantity",
    (name) => {
      expect(named(name)).toBeNull();
      expect(chosen({ [name]: ["1.5"] })).toEqual({ chosen: null, doubts: [NONE] });
    },
  );

  it("is one of numbers, no time and no duration", () => {
    expect(chosen({ km: ["a"] })).toEqual({ chosen: null, doubts: [NONE] });
    expect(chosen({ distance: ["1711375506"] })).toEqual({ chosen: null, doubts: [NONE] });
    expect(chosen({ "duration energy": ["1.5"] })).toEqual({ chosen: null, doubts: [NONE] });
    expect(chosen({ "duration energy": ["1.5"], km: ["2.5"] }).chosen?.columns).toEqual(["km"]);
    // Energy before distance, in whatever order they stand.
    expect(chosen({ km: ["1"], kWh: ["2"] }).chosen?.columns).toEqual(["kWh"]);
    expect(chosen({ miles: ["1"], km: ["2"] }).chosen?.columns).toEqual(["km"]);
  });

  it("says how its numbers are written, and doubts it", () => {
    expect(chosen({ km: ["1,5", "2,25"] }, ";")).toEqual({
      chosen: {
        columns: ["km"],
        section: { column: "km", unit: "km" },
        as: "km",
        numbers: { decimal: ",", group: null },
      },
      doubts: ['The numbers of "km" are read with "," as decimal mark; numbers says so for all columns.'],
    });
    expect(chosen({ km: ["1,234"] }, ";").doubts).toEqual([
      'In "km" a comma could stand before a fraction or between thousands: the decimal mark "," is a guess.',
    ]);
    expect(chosen({ km: ["1,234"] }).doubts).toEqual([
      'In "km" a comma could stand before a fraction or between thousands: the decimal mark "." is a guess.',
    ]);
  });

  it("takes the units of words in the cells, whatever it is called", () => {
    for (const [text, units, as] of [
      ["1.5 km", { km: "km" }, "km"],
      ["900 Wh", { Wh: "Wh" }, "kWh"],
      ["1.5 kWh", { kWh: "kWh" }, "kWh"],
      ["2 mi", { mi: "mi" }, "km"],
    ] as const) {
      for (const name of ["how much", "energy"])
        expect(chosen({ [name]: [text] })).toEqual({
          chosen: { columns: [name], section: { column: name, units }, as, numbers: null },
          doubts: [],
        });
    }
  });

  it("is the difference of a counter's readings", () => {
    for (const [from, to, unit, as, ...guess] of [
      ["meter start (kWh)", "meter stop (kWh)", "kWh", "kWh"],
      ["meter_begin", "meter_end", "kWh", "kWh", "guess"],
      ["first reading Wh", "last reading Wh", "Wh", "kWh"],
      ["odo start km", "odo end km", "km", "km"],
      ["odometer before", "odometer after", "km", "km", "guess"],
      ["counter initial miles", "counter final miles", "mi", "km"],
      ["Zähler start kwh", "Zaehler zähler end kwh", "kWh", "kWh"],
      ["开始表", "结束表", "kWh", "kWh", "guess"],
      ["里程表起", "里程表止", "km", "km", "guess"],
      ["register start mileage", "register stop mileage", "mi", "km"],
    ] as const) {
      const found = chosen({ km: ["7"], [to]: ["1.5"], [from]: ["1"] });
      expect(found).toEqual({
        chosen: {
          columns: [from, to],
          section: { sum: { plus: [to], minus: [from] }, unit },
          as,
          numbers: null,
        },
        doubts: [
          ...guess.map(() => `The unit of "${from}" and "${to}" is a guess: ${unit}.`),
          `"${to}" less "${from}" is taken for the quantity.`,
        ],
      });
    }
    expect(chosen({ "meter start": ["1,5"], "meter stop": ["2,5"] }, ";").chosen?.numbers).toEqual({
      decimal: ",",
      group: null,
    });
    for (const [from, to] of [
      ["meter start", "meter"],
      ["meter", "meter stop"],
      ["start", "stop"],
    ] as const)
      expect(chosen({ [from]: ["1"], [to]: ["2"], km: ["3"] }).chosen?.section).not.toHaveProperty("sum");
    expect(chosen({ "meter start": ["1 kWh"], "meter stop": ["2 kWh"] }).chosen?.section).toEqual({
      column: "meter start",
      units: { kWh: "kWh" },
    });
  });

  it("is the way between two places where nothing else is", () => {
    const places = { from_lat: ["30.5"], from_lng: ["114"], to_lat: ["30.6"], to_lng: ["114.1"] };
    expect(chosen(places)).toEqual({
      chosen: {
        columns: Object.keys(places),
        section: {
          greatCircle: {
            from: { latitude: "from_lat", longitude: "from_lng" },
            to: { latitude: "to_lat", longitude: "to_lng" },
          },
        },
        as: "km",
        numbers: null,
      },
      doubts: [
        "No column holds a distance; the great circle between the places of start and end is taken, " +
          "which is less than was travelled.",
      ],
    });
    expect(chosen({ ...places, km: ["1"] }).chosen?.columns).toEqual(["km"]);
  });
});

describe("the places of start and end", () => {
  const places = (table: Readonly<Record<string, readonly string[]>>) =>
    choosePlaces(columns(table))?.columns;

  it.each([
    ["start_lat", "start_lon", "end_lat", "end_lon"],
    ["begin lat", "begin lng", "stop lat", "stop lng"],
    ["from_latitude", "from_longitude", "to_latitude", "to_longitude"],
    ["Origin Lat", "Origin Lng", "Dest Lat", "Dest Lng"],
    ["pickup_lat", "pickup_lng", "dropoff_lat", "dropoff_lng"],
    ["pick up lat", "pick-up lng", "drop lat", "drop lng"],
    ["entry lat", "entry lng", "exit lat", "exit lng"],
    ["o_lat", "o_lng", "d_lat", "d_lng"],
    ["depart lat", "depart lng", "arrival lat", "arrival lng"],
    ["起点纬度", "起点经度", "终点纬度", "终点经度"],
    ["上车纬度", "上车经度", "下车纬度", "下车经度"],
    ["出发纬度", "出发经度", "到达纬度", "到达经度"],
    ["起纬度", "起经度", "止纬度", "止经度"],
  ])("stand in %s, %s, %s and %s", (...names) => {
    const table = Object.fromEntries(names.map((name, i) => [name, [String(30 + i)]]));
    expect(places(table)).toEqual(names);
    for (const name of names) {
      const { [name]: _left, ...others } = table;
      expect(places(others)).toBeUndefined();
      expect(places({ ...table, [name]: ["x"] })).toBeUndefined();
      expect(places({ ...table, [name]: [""] })).toBeUndefined();
    }
  });

  it("are not exchanged where the end stands first", () => {
    const table = { to_lat: ["30"], to_lng: ["31"], from_lat: ["32"], from_lng: ["33"] };
    expect(places(table)).toEqual(["from_lat", "from_lng", "to_lat", "to_lng"]);
    const { from_lat: _left, ...others } = table;
    expect(places(others)).toBeUndefined();
  });

  it("are degrees: latitudes to 90, longitudes to 180", () => {
    const table = { start_lat: ["90"], start_lng: ["180"], end_lat: ["-90"], end_lng: ["-180"] };
    expect(places(table)).toHaveLength(4);
    for (const [name, value] of [
      ["start_lat", "91"],
      ["end_lat", "-91"],
      ["start_lng", "181"],
      ["end_lng", "-181"],
    ] as const)
      expect(places({ ...table, [name]: [value] })).toBeUndefined();
  });

  it("stand in one cell each, in the order that reads all of them", () => {
    const cells = (from: string[], to: string[]) => {
      const found = choosePlaces(columns({ id: ["a"], origin: from, destination: to }));
      return (
        found && [found.columns, (found.section["from"] as { order: string }).order, found.section["to"]]
      );
    };
    const both = ["origin", "destination"];
    const latitudeFirst = "latitude longitude";
    const longitudeFirst = "longitude latitude";
    expect(cells(["30.5,114.3"], ["30.6,114.4"])).toEqual([
      both,
      latitudeFirst,
      { column: "destination", order: latitudeFirst },
    ]);
    expect(cells(["114.3,30.5"], ["114.4,30.6"])?.[1]).toBe(longitudeFirst);
    expect(cells(["30.5,50.3"], ["114.4,30.6"])?.[1]).toBe(longitudeFirst);
    expect(cells(["POINT(30 50)"], ["POINT(31 51)"])?.[1]).toBe(longitudeFirst);
    expect(cells(["30.5,50.3"], ["30.6,50.4"])?.[1]).toBe(latitudeFirst);
    expect(cells(["x"], ["30.6,50.4"])).toBeNull();
    expect(cells(["30.5,50.3"], ["x"])).toBeNull();
    expect(cells([""], ["30.6,50.4"])).toBeNull();
  });
});

describe("the column of a duration", () => {
  const chosen = (table: Readonly<Record<string, readonly string[]>>) => {
    const doubts: string[] = [];
    return [chooseDuration(columns(table), doubts), ...doubts];
  };

  it.each([
    ["duration_ms", "milliseconds"],
    ["duration milliseconds", "milliseconds"],
    ["ms duration", "milliseconds"],
    ["Minutes", "minutes"],
    ["duration (min)", "minutes"],
    ["时长(分)", "minutes"],
    ["duration hours", "hours"],
    ["duración horas", "hours"],
    ["durée en heures", "hours"],
    ["Dauer in Stunden", "hours"],
    ["duration_hrs", "hours"],
    ["duration hr", "hours"],
    ["时长小时", "hours"],
    ["duration sec", "seconds"],
    ["duração em segundos", "seconds"],
    ["Dauer Sekunden", "seconds"],
    ["时长秒", "seconds"],
  ])("%s is in %s", (name, unit) => {
    expect(chosen({ x: ["1"], [name]: ["90", "120"] })).toEqual([{ column: name, unit }]);
  });

  it.each(["duration", "Dauer", "duree", "durée", "duracion", "duracao", "stay", "elapsed", "时长"])(
    "%s is in seconds, as a guess",
    (name) => {
      expect(chosen({ [name]: ["90"] })).toEqual([
        { column: name, unit: "seconds" },
        `The unit of the duration in "${name}" is a guess: seconds.`,
      ]);
    },
  );

  it.each([
    ["1:30:00", "h:mm:ss"],
    ["PT1H30M", "iso"],
    ["1小时30分钟", "words"],
  ])("shows by %s that it is %s", (text, unit) => {
    expect(chosen({ duration: [text, text] })).toEqual([{ column: "duration", unit }]);
  });

  it("is doubted where hours and minutes could be minutes and seconds", () => {
    expect(chosen({ duration: ["1:30"] })).toEqual([
      { column: "duration", unit: "h:mm" },
      'The duration in "duration" could be hours and minutes or minutes and seconds: h:mm is a guess.',
    ]);
  });

  it("is none that is called otherwise, is empty or can't be read", () => {
    expect(chosen({ time: ["90"], minute: ["3"] })).toEqual([null]);
    expect(chosen({ duration: ["", ""] })).toEqual([null]);
    expect(chosen({ duration: ["long"] })).toEqual([null]);
    expect(chosen({ duration: ["long"], "stay minutes": ["5"] })).toEqual([
      { column: "stay minutes", unit: "minutes" },
    ]);
  });
});
