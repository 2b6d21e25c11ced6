// Reads the texts of cases.csv with the npm package opening_hours, and writes what each says of
// every day of two seasons to expected.json, which TestHorairesAgainstOpeningHours reads. Nothing
// of this runs in the product or in its tests. Once more, after a change of the texts:
//
//	npm install --no-package-lock && TZ=UTC node oracle.mjs
//
// The department 02 of France gives public and school holidays. UTC has no clock that changes.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const OpeningHours = require("opening_hours");
const { version } = require("opening_hours/package.json");

if (new Date().getTimezoneOffset() !== 0) throw new Error("run with TZ=UTC");

// A summer with its holidays, and the winter in which week 53 comes before week 1.
const seasons = [["2026-06-22", "2026-09-06"], ["2026-11-02", "2027-03-07"]];
const place = { lat: 49.56, lon: 3.62, address: { country_code: "fr", state: "Hauts-de-France", county: "Aisne", postcode: "02000" } };
const day = 24 * 3600 * 1000;

const rows = parseCSV(readFileSync(new URL("cases.csv", import.meta.url), "utf8")).slice(1);
const texts = rows.map(([text]) => {
	let oh;
	try {
		oh = new OpeningHours(text, place);
	} catch (error) {
		return { text, refused: true };
	}
	const patterns = [], days = [];
	for (const [from, to] of seasons) {
		for (let at = Date.parse(from); at <= Date.parse(to); at += day) {
			let pattern;
			try {
				pattern = oh.getOpenIntervals(new Date(at), new Date(at + day)).map(([start, end, unknown]) =>
					`${clock(start - at)}-${clock(end - at)}${unknown ? "?" : ""}`).join(" ");
			} catch (error) {
				return { text, refused: true };
			}
			if (!patterns.includes(pattern)) patterns.push(pattern);
			days.push(patterns.indexOf(pattern));
		}
	}
	return { text, patterns, days: days.map((n) => n.toString(36)).join("") };
});
if (texts.some(({ patterns }) => patterns?.length > 36)) throw new Error("more than 36 ways to spend a day");

function clock(ms) {
	const minutes = Math.round(ms / 60000);
	return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function parseCSV(text) {
	const rows = [[""]];
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const c = text[i], row = rows.at(-1);
		if (c === '"' && quoted && text[i + 1] === '"') row[row.length - 1] += text[++i];
		else if (c === '"') quoted = !quoted;
		else if (c === "," && !quoted) row.push("");
		else if (c === "\n" && !quoted) rows.push([""]);
		else row[row.length - 1] += c;
	}
	return rows.filter((row) => row[0] !== "");
}

writeFileSync(new URL("expected.json", import.meta.url),
	`{"opening_hours": "${version}", "seasons": ${JSON.stringify(seasons)}, "texts": [\n${texts.map((t) => JSON.stringify(t)).join(",\n")}\n]}\n`);
