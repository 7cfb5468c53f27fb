// The figures: rows of the marts and a choice of days, team and channel in; rows of tables and charts out.
const DAY = 86400000;
const LONG = 34; // days; a period that is longer is shown in weeks
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

// Columns as they are sent -> an object for each row.
function rowsOf(answer) {
  const names = Object.keys(answer);
  const count = names.length ? (answer[names[0]].words ? answer[names[0]].at : answer[names[0]]).length : 0;
  return Array.from({ length: count }, (_, row) => Object.fromEntries(names.map((name) => {
    const column = answer[name];
    return [name, column.words ? column.words[column.at[row]] ?? null : column[row]];
  })));
}

// The same as SQL's percentile_cont: between two values, in proportion. Null of none.
function quantile(values, share) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const place = (sorted.length - 1) * share, low = Math.floor(place);
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

const share = (part, whole) => (whole ? part / whole : null);
const where = (rows, column, value = 1) => rows.filter((row) => row[column] === value);
const known = (rows, column) => rows.filter((row) => row[column] !== null);
const rate = (rows, column) => share(where(rows, column).length, known(rows, column).length);
const sum = (rows, column) => rows.reduce((total, row) => total + row[column], 0);

function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const name = key(row);
    if (name === null) continue;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return groups;
}

// A name for each id, and beside it the id where several have the name: else they would be one, or not be told apart.
function named(rows, id, kind) {
  const own = rows.map((row) => row.name ?? (row[id] === "none" ? `No ${kind.toLowerCase()}` : `${kind} ${row[id]}`));
  const alike = grouped(own, (name) => name);
  return new Map(rows.map((row, at) => [row[id], alike.get(own[at]).length > 1 ? `${own[at]} (${row[id]})` : own[at]]));
}

const bySize = (groups) => [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));

// What one choice leaves of the answers; `day` is the column that the period is about.
function chosen(answers, choice) {
  const keep = (rows, day, hasChannel = true) => rows.filter((row) =>
    row[day] !== null && row[day] >= choice.from && row[day] <= choice.to
    && (choice.team === "" || row.team_id === choice.team)
    && (!hasChannel || choice.channel === "" || row.channel === choice.channel));
  const created = keep(answers.conversations, "created_on");
  return {
    created, inbound: where(created, "is_inbound"), closed: keep(answers.conversations, "first_closed_on"),
    backlog: keep(answers.backlog, "day"), ratings: keep(answers.ratings, "rated_on"),
    levels: keep(answers.service_levels, "created_on"), tickets: keep(answers.tickets, "begun_on", false),
    tags: keep(answers.tags, "created_on"),
  };
}

// The days before, as many as are chosen.
const before = (choice) => ({ ...choice, from: 2 * choice.from - choice.to - 1, to: choice.from - 1 });

function summary(rows, choice) {
  const atEnd = where(rows.backlog, "day", choice.to), decided = rows.levels.filter((row) => ["hit", "missed"].includes(row.sla_status));
  const bot = where(rows.inbound, "is_bot_involved");
  return {
    inbound: rows.inbound.length,
    backlog: sum(atEnd, "conversations"), waiting: sum(atEnd, "waiting"),
    response: quantile(rows.inbound.map((row) => row.response), 0.5), responseP90: quantile(rows.inbound.map((row) => row.response), 0.9),
    responseOffice: quantile(rows.inbound.map((row) => row.response_office), 0.5),
    resolution: quantile(rows.inbound.map((row) => row.resolution), 0.5), resolutionP90: quantile(rows.inbound.map((row) => row.resolution), 0.9),
    csat: share(rows.ratings.filter((row) => row.rating >= 4).length, rows.ratings.length), ratings: rows.ratings.length,
    rated: share(where(rows.created, "is_rated").length, where(rows.created, "is_rateable").length),
    sla: share(where(decided, "sla_status", "hit").length, decided.length), decided: decided.length,
    reopened: rate(rows.closed, "is_reopened"), oneTouch: rate(where(rows.inbound, "is_closed"), "is_one_touch"),
    deflected: rate(bot, "is_deflected"), bot: known(bot, "is_deflected").length,
  };
}

const monday = (day) => day - ((day + 3) % 7);

// The first days of the steps that a period is cut into: weeks (from Monday), or days in a short one.
function steps(choice) {
  const isLong = choice.to - choice.from > LONG;
  const start = (day) => (isLong ? monday(day) : day);
  const all = [];
  for (let day = start(choice.from); day <= choice.to; day += isLong ? 7 : 1) all.push(day);
  return { all, start, isLong };
}

const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
// Two days have two labels: those of long ago have their year.
const label = (day) => new Date(day * DAY).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC", ...(facts.until - day > 330 ? { year: "numeric" } : {}) });
const point = (day, series, value, more = {}) => ({ when: iso(day) + "T00:00", label: label(day), series, value, ...more });

function byStep(choice, rows, day) {
  const cut = steps(choice), groups = grouped(rows, (row) => cut.start(row[day]));
  return cut.all.map((step) => [step, groups.get(step) ?? []]);
}

function durations(rows, choice, column) {
  const table = byStep(choice, rows.inbound, "created_on").map(([day, group]) => {
    const all = group.map((row) => row[column]), office = group.map((row) => row[column + "_office"]);
    return [iso(day), all.filter((value) => value !== null).length, quantile(all, 0.5), quantile(all, 0.9), quantile(office, 0.5), quantile(office, 0.9)];
  });
  const series = [["median", "all hours", 2], ["p90", "all hours", 3], ["median", "office hours", 4], ["p90", "office hours", 5]];
  const chart = table.flatMap((line) => series.map(([name, hours, at]) =>
    point(Date.parse(line[0]) / DAY, name, line[at] === null ? null : line[at] / 3600, { hours })));
  return { table, chart };
}

function perGroup(rows, key) {
  const table = bySize(grouped(rows.inbound, key)).map(([name, group]) => [name, group.length,
    quantile(group.map((row) => row.response), 0.5), quantile(group.map((row) => row.response), 0.9),
    quantile(group.map((row) => row.resolution), 0.5), rate(where(group, "is_closed"), "is_one_touch")]);
  return { table, chart: table.map((line) => ({ name: line[0], value: line[1] })) };
}

const FIGURES = {
  volume(rows, choice) {
    const closed = new Map(byStep(choice, rows.closed, "first_closed_on"));
    const table = byStep(choice, rows.inbound, "created_on").map(([day, group]) => [iso(day), group.length, closed.get(day).length]);
    return { table, chart: table.flatMap(([day, begun, done]) => [point(Date.parse(day) / DAY, "begun", begun), point(Date.parse(day) / DAY, "first closed", done)]) };
  },
  backlog(rows, choice) {
    const days = grouped(rows.backlog, (row) => row.day), table = [];
    for (let day = choice.from; day <= choice.to; day += 1) {
      const group = days.get(day) ?? [];
      table.push([iso(day), sum(where(group, "state", "open"), "conversations"), sum(where(group, "state", "snoozed"), "conversations"), sum(group, "waiting")]);
    }
    return { table, chart: table.flatMap(([day, open, snoozed]) => [point(Date.parse(day) / DAY, "open", open, { place: 0 }), point(Date.parse(day) / DAY, "snoozed", snoozed, { place: 1 })]) };
  },
  response: (rows, choice) => durations(rows, choice, "response"),
  resolution: (rows, choice) => durations(rows, choice, "resolution"),
  hours(rows) {
    const cells = WEEKDAYS.map((name, at) => Array.from({ length: 24 }, (_, hour) => rows.inbound.filter((row) => row.created_weekday === at + 1 && row.created_hour === hour).length));
    return { table: WEEKDAYS.map((name, at) => [name, ...cells[at]]), chart: cells.flatMap((line, at) => line.map((value, hour) => ({ name: WEEKDAYS[at], hour, value }))) };
  },
  channels: (rows) => perGroup(rows, (row) => row.channel),
  teams: (rows, choice, names) => perGroup(rows, (row) => names.teams.get(row.team_id) ?? row.team_id),
  teammates(rows, choice, names) {
    const replied = grouped(rows.inbound, (row) => row.replier), closed = grouped(where(rows.inbound, "is_closed"), (row) => row.closer);
    const rated = grouped(rows.ratings, (row) => row.admin_id);
    const people = [...new Set([...replied.keys(), ...closed.keys(), ...rated.keys()])];
    const table = people.map((id) => {
      const own = replied.get(id) ?? [], done = closed.get(id) ?? [], stars = rated.get(id) ?? [];
      return [names.teammates.get(id) ?? id, own.length, quantile(own.map((row) => row.response), 0.5), done.length, rate(done, "is_one_touch"), share(stars.filter((row) => row.rating >= 4).length, stars.length), stars.length];
    }).sort((a, b) => b[3] - a[3] || b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return { table, chart: table.filter((line) => line[3]).slice(0, 15).map((line) => ({ name: line[0], value: line[3] })) };
  },
  csat(rows, choice) {
    const table = byStep(choice, rows.ratings, "rated_on").map(([day, group]) => {
      const good = group.filter((row) => row.rating >= 4).length;
      return [iso(day), group.length, good, share(good, group.length)];
    });
    return { table, chart: table.flatMap(([day, all, good]) => [point(Date.parse(day) / DAY, "4 and 5", good, { place: 0 }), point(Date.parse(day) / DAY, "1 to 3", all - good, { place: 1 })]) };
  },
  sla(rows) {
    const states = ["hit", "missed", "active", "cancelled"];
    const line = (name, group, column) => { const counts = states.map((state) => where(group, column, state).length); return [name, ...counts, share(counts[0], counts[0] + counts[1])]; };
    const table = bySize(grouped(rows.levels, (row) => row.sla_name)).map(([name, group]) => line(name, group, "sla_status"));
    const own = known(rows.levels, "own_status");
    if (own.length) table.push(line("Own targets", own, "own_status"));
    return { table, chart: table.flatMap((found) => [{ name: found[0], series: "hit", value: found[1], place: 0 }, { name: found[0], series: "missed", value: found[2], place: 1 }]) };
  },
  quality(rows, choice) {
    const closed = new Map(byStep(choice, rows.closed, "first_closed_on"));
    const table = byStep(choice, rows.inbound, "created_on").map(([day, group]) => [iso(day), rate(where(group, "is_closed"), "is_one_touch"), known(closed.get(day), "is_reopened").length, rate(closed.get(day), "is_reopened")]);
    return { table, chart: table.flatMap((line) => [point(Date.parse(line[0]) / DAY, "one touch", line[1]), point(Date.parse(line[0]) / DAY, "reopened", line[3])]) };
  },
  bot(rows, choice) {
    const bot = byStep(choice, where(rows.inbound, "is_bot_involved"), "created_on");
    const table = bot.map(([day, group]) => {
      const fin = where(group, "is_fin_involved"), resolved = known(fin, "fin_outcome").filter((row) => row.fin_outcome.includes("resol") && !row.fin_outcome.includes("unresol"));
      return [iso(day), group.length, where(group, "is_deflected").length, rate(group, "is_deflected"), fin.length, resolved.length, share(resolved.length, fin.length)];
    });
    return { table, chart: bot.flatMap(([day, group]) => [point(day, "deflected", where(group, "is_deflected").length, { place: 0 }), point(day, "passed on", where(group, "is_deflected", 0).length, { place: 1 })]) };
  },
  tickets(rows) {
    const table = bySize(grouped(rows.tickets, (row) => row.ticket_type_name ?? "without type")).map(([name, group]) => {
      const resolved = where(group, "ticket_state", "resolved").length;
      return [name, group.length, resolved, group.length - resolved, quantile(group.map((row) => row.resolution), 0.5), sum(group, "count_reopens")];
    });
    return { table, chart: table.flatMap((line) => [{ name: line[0], series: "resolved", value: line[2], place: 0 }, { name: line[0], series: "unresolved", value: line[3], place: 1 }]) };
  },
  tags(rows, choice) {
    const half = Math.floor((choice.to - choice.from + 1) / 2), second = choice.to - half + 1, first = second - half;
    const table = [...grouped(rows.tags, (row) => row.tag_name)].map(([name, group]) => {
      const before = group.filter((row) => row.created_on >= first && row.created_on < second).length, after = group.filter((row) => row.created_on >= second).length;
      return [name, before, after, after - before];
    }).sort((a, b) => b[3] - a[3] || b[2] - a[2] || (a[0] < b[0] ? -1 : 1));
    return { table, chart: table.filter((line) => line[3] > 0).slice(0, 12).map((line) => ({ name: line[0], value: line[3] })) };
  },
};
