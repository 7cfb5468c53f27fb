// The page: filters, tiles, and for each section a chart with its table.
const facts = JSON.parse(document.getElementById("facts").textContent);
const specifications = JSON.parse(document.getElementById("charts").textContent);
const answers = Object.fromEntries(Object.entries(facts.answers).map(([name, answer]) => [name, rowsOf(answer)]));
const names = { teams: named(answers.teams, "team_id", "Team"), teammates: named(answers.teammates, "admin_id", "Teammate") };

const SECTIONS = [
  ["volume", "Volume", "Inbound conversations by the day they began, and all conversations by the day they were first closed after a customer had written.", ["from", "begun", "first closed"]],
  ["backlog", "Backlog", "Conversations that were open or snoozed when the day ended.", ["day", "open", "snoozed", "waiting on us"]],
  ["response", "First response", "From the customer's first message to a teammate's first reply. Half were answered faster than the median, nine of ten faster than p90. Conversations closed before a reply are left out. Dashed: counted in office hours.", ["from", "answered", "median:t", "p90:t", "median, office hours:t", "p90, office hours:t"]],
  ["resolution", "Resolution", "From the customer's first message to the last close, of inbound conversations that began in the period and are closed now. Dashed: counted in office hours.", ["from", "closed", "median:t", "p90:t", "median, office hours:t", "p90, office hours:t"]],
  ["hours", "Busy hours", "When inbound conversations begin.", ["day", ...Array.from({ length: 24 }, (_, hour) => String(hour))], true],
  ["channels", "By channel", "Inbound conversations.", ["channel", "conversations", "first response:t", "p90:t", "resolution:t", "one touch:%"]],
  ["teams", "By team", "Inbound conversations, by the team that has them now.", ["team", "conversations", "first response:t", "p90:t", "resolution:t", "one touch:%"]],
  ["teammates", "By teammate", "Inbound conversations first answered by, and last closed by each teammate; the chart shows the 15 who closed most.", ["teammate", "first answered", "first response:t", "closed", "one touch:%", "CSAT:%", "ratings"]],
  ["csat", "Customer satisfaction", "Ratings by the day they were given. CSAT is the share of 4 and 5.", ["from", "ratings", "4 and 5", "CSAT:%"]],
  ["sla", "Service levels", "Of conversations that began in the period. The hit rate leaves out what is active or cancelled.", ["service level", "hit", "missed", "active", "cancelled", "hit rate:%"]],
  ["quality", "One touch and reopened", "One touch: of the inbound that are closed, those with exactly one reply that were never reopened. Reopened: of those first closed, open again within 7 days (once these are over).", ["from", "one touch:%", "first closed", "reopened:%"]],
  ["bot", "Bots and Fin", "Inbound conversations with a bot. Deflected: closed without a teammate. Fin's resolutions are Intercom's own count.", ["from", "with a bot", "deflected", "deflected:%", "with Fin", "resolved by Fin", "Fin:%"]],
  ["tickets", "Tickets", "Begun in the period; tickets have no channel, so that filter does not touch them.", ["type", "tickets", "resolved", "unresolved", "median resolution:t", "reopens"]],
  ["tags", "Tags that grow", "The second half of the period against the first.", ["tag", "first half", "second half", "change"], true],
];

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60), hours = Math.floor(minutes / 60);
  if (minutes < 60) return `${minutes} min`;
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${(seconds / 86400).toFixed(1)} days`;
}

const number = (value) => value.toLocaleString("en-GB", { maximumFractionDigits: 1 });
const percent = (value) => `${(100 * value).toFixed(1)} %`;
const WRITTEN = { t: duration, "%": percent };
const written = (value, format) => (value === null || value === undefined ? "–" : format ? WRITTEN[format](value) : typeof value === "number" ? number(value) : value);

function table(caption, columns, rows) {
  const heads = columns.map((column) => column.split(":"));
  const isNumber = heads.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  const line = (cells, kind) => make("tr", {}, ...cells.map((cell, at) => make(kind, { className: isNumber[at] ? "number" : "", ...(kind === "th" ? { scope: "col" } : {}) }, cell)));
  return make("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: caption }, make("table", {},
    make("thead", {}, line(heads.map(([name, format]) => (format === "%" ? `${name} %` : name)), "th")),
    make("tbody", {}, ...rows.map((row) => line(row.map((value, at) => written(value, heads[at][1])), "td")))));
}

function card(id, title, note, isWide, ...children) {
  const made = make("section", { className: isWide ? "card wide" : "card", id }, make("h2", {}, title), make("p", {}, note), ...children);
  document.getElementById("sections").append(made);
  return made;
}

const views = new Map();
async function drawn(id, title, rows) {
  const place = document.getElementById(id).querySelector(".chart");
  if (!rows.some((row) => row.value)) {
    views.get(id)?.finalize();
    views.delete(id);
    place.replaceChildren(make("p", { className: "empty" }, "Nothing in this choice."));
    return;
  }
  if (!views.has(id)) {
    place.replaceChildren();
    views.set(id, (await window.vegaEmbed(place, { ...specifications[id], datasets: { rows } }, { actions: false, logLevel: 1, renderer: "svg", mode: "vega-lite" })).view);
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", `${title}: chart; its figures are in the table below.`);
  } else await views.get(id).data("rows", rows).runAsync();
}

const control = (id) => document.getElementById(id);
// A day that is not on the page is its first or last one: min and max bind only the picker, and while a year is typed it begins as year 2.
function dayOf(id) {
  const day = Math.round(Date.parse(control(id).value) / DAY);
  return Number.isNaN(day) ? facts[id === "from" ? "since" : "until"] : Math.min(Math.max(day, facts.since), facts.until);
}
function choice() {
  const [from, to] = [dayOf("from"), dayOf("to")].sort((a, b) => a - b);
  return { from, to, team: control("team").value, channel: control("channel").value };
}

// How a figure differs from that of the days before. `better` is 1 where more is better, -1 where less is, 0 where it is neither.
// A share differs by points, everything else in proportion.
function change(now, earlier, isShare, better) {
  if (now === null || earlier === null || (!isShare && !earlier)) return make("i", {}, "no figure to compare with");
  const by = isShare ? 100 * (now - earlier) : 100 * (now / earlier - 1), size = Math.abs(by).toFixed(Math.abs(by) < 9.95 ? 1 : 0);
  if (Number(size) === 0) return make("i", {}, "as in the days before");
  const how = better && (by > 0 ? 1 : -1) === better ? "better" : better ? "worse" : "";
  return make("i", { className: how }, `${by > 0 ? "▲" : "▼"} ${size} ${isShare ? "points" : "%"}${how && `, ${how}`}`);
}

// A sync with a start_date reads what has changed since then: of days before it only a part is there to compare with.
const isWhole = (period) => facts.loaded_since === null || period.from > facts.loaded_since;

function compared(now, earlier) {
  const days = now.to - now.from + 1, before = days > 1 ? `${number(days)} days before` : "day before";
  if (isWhole(earlier)) return `Compared with the ${before}: ${days > 1 ? `${label(earlier.from)} to ` : ""}${label(earlier.to)}.`;
  const partly = isWhole(now) ? "" : ", so that of days before it only those are here that changed later";
  return `Not compared with the ${before}: no conversation is loaded that last changed before ${label(facts.loaded_since)}${partly}.`;
}

function tile(name, value, compared, remark, key) {
  const shown = make("b", {}, value);
  shown.dataset.figure = key;
  return make("div", { className: "tile" }, make("span", {}, name), shown, compared, make("small", {}, remark));
}

function tiles(found, earlier) {
  const against = (key, better, isShare = false) => change(found[key], earlier ? earlier[key] : null, isShare, better);
  return [
    tile("Inbound conversations", number(found.inbound), against("inbound", 0), "began in the period", "inbound"),
    tile("Backlog at the end", number(found.backlog), against("backlog", -1), `${number(found.waiting)} waiting on us`, "backlog"),
    tile("First response, median", written(found.response, "t"), against("response", -1), `p90 ${written(found.responseP90, "t")}; office hours ${written(found.responseOffice, "t")}`, "response"),
    tile("Resolution, median", written(found.resolution, "t"), against("resolution", -1), `p90 ${written(found.resolutionP90, "t")}`, "resolution"),
    tile("CSAT", written(found.csat, "%"), against("csat", 1, true), `of ${number(found.ratings)} ratings; ${written(found.rated, "%")} of rateable conversations`, "csat"),
    tile("SLA hit", written(found.sla, "%"), against("sla", 1, true), `of ${number(found.decided)} decided`, "sla"),
    tile("One touch", written(found.oneTouch, "%"), against("oneTouch", 1, true), `reopened ${written(found.reopened, "%")}`, "oneTouch"),
    tile("Deflected by a bot", written(found.deflected, "%"), against("deflected", 1, true), `of ${number(found.bot)} with a bot`, "deflected"),
  ];
}

// Charts are made asynchronously: one choice is drawn after the other, and of those that wait only the last.
let lastChoice = 0, drawing = Promise.resolve();
function show() {
  const mine = ++lastChoice;
  drawing = drawing.catch(() => {}).then(() => (mine === lastChoice ? draw() : undefined));
  return drawing;
}

async function draw() {
  const now = choice(), rows = chosen(answers, now);
  const earlier = before(now);
  window.summaryFigures = summary(rows, now);
  window.earlierFigures = isWhole(earlier) ? summary(chosen(answers, earlier), earlier) : null;
  control("summary").replaceChildren(...tiles(window.summaryFigures, window.earlierFigures));
  control("compared").textContent = compared(now, earlier) + (steps(now).isLong ? " Charts show weeks, from Monday; the last one may not be over." : "");
  for (const [id, title, , columns] of SECTIONS) {
    const found = FIGURES[id](rows, now, names);
    control(id).querySelector(".figures").replaceChildren(table(title, columns, found.table));
    await drawn(id, title, found.chart);
  }
  document.body.dataset.ready = "yes";
}

function options(id, all, pairs) {
  control(id).append(make("option", { value: "" }, all), ...pairs.map(([value, name]) => make("option", { value }, name)));
}

const age = (at) => (at === null ? "never" : new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC");

// What the last audit found; of metrics that agree with Intercom's statistics there is only the number.
function auditFound(rows) {
  if (!rows.length) return [make("p", {}, `No audit has compared what is loaded with Intercom yet: intercom-elt audit${facts.options} does.`)];
  const metrics = rows.filter((row) => row.subject.startsWith("metric_")), agreeing = where(metrics, "result", "proven");
  const shown = rows.filter((row) => !agreeing.includes(row)).map((row) => [row.entity, row.subject.replaceAll("_", " "), row.result, row.count_checked, row.count_differing, row.count_failed]);
  return [
    make("p", {}, `The last audit (${age(rows[0].finished_at)}) compared what is loaded with Intercom:`),
    table("Last audit", ["entity", "subject", "result", "checked", "differing", "not right"], shown),
    make("p", {}, `${agreeing.length} of ${metrics.length} metrics agree with Intercom's own statistics.`),
  ];
}

function setUp() {
  options("preset", "Whole period", [["7", "Last 7 days"], ["28", "Last 28 days"], ["56", "Last 8 weeks"]]);
  options("team", "All teams", [...names.teams].sort((a, b) => (a[1] < b[1] ? -1 : 1)));
  options("channel", "All channels", [...new Set(answers.conversations.map((row) => row.channel))].sort().map((name) => [name, name]));
  for (const id of ["from", "to"]) Object.assign(control(id), { min: iso(facts.since), max: iso(facts.until), value: iso(id === "from" ? facts.since : facts.until) });
  control("preset").addEventListener("change", (event) => {
    control("to").value = iso(facts.until);
    const days = Number(event.target.value), first = days > LONG ? monday(facts.until) - days + 7 : facts.until - days + 1;
    control("from").value = iso(days ? Math.max(facts.since, first) : facts.since);
  });
  control("filters").addEventListener("submit", (event) => event.preventDefault());
  control("filters").addEventListener("change", show);
  control("filters").addEventListener("focusout", () => { for (const id of ["from", "to"]) control(id).value = iso(dayOf(id)); }); // not while somebody types
  for (const [id, title, note, , isWide] of SECTIONS) card(id, title, note, isWide, make("div", { className: "chart" }), make("details", {}, make("summary", {}, "Figures as a table"), make("div", { className: "figures" })));
  const companies = answers.companies.map((row) => [row.name, row.plan_name, row.monthly_spend, row.count_open_conversations, row.csat, row.count_ratings, row.health_reasons]);
  card("companies", "Companies at risk", "As of now, whatever the filters are; the 25 with most spend at risk.", true, table("Companies at risk", ["company", "plan", "monthly spend", "open", "CSAT:%", "ratings", "why"], companies));
  card("freshness", "Freshness", "When each resource was last read to its end.", false, table("Freshness", ["resource", "complete", "last tried"], answers.freshness.map((row) => [row.resource, age(row.complete_at), age(row.tried_at)])));
  const completeness = card("completeness", "Completeness", "Parts that Intercom counts, against those that are loaded. Intercom shows the newest 500 of a conversation.", false, table("Completeness", ["conversations", "with parts missing", "parts missing", "cut at 500"], answers.completeness.map((row) => [row.conversations, row.incomplete, row.missing_parts, row.truncated])));
  completeness.append(...auditFound(answers.audit));
}

// Paper has no triangle to press: the tables are printed, too.
const closed = new Set();
addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((each) => { each.open = true; closed.add(each); }));
addEventListener("afterprint", () => { closed.forEach((each) => { each.open = false; }); closed.clear(); });

setUp();
await show();
