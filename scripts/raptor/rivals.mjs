// Answers questions with the RAPTOR of an npm package, one JSON object per line on both sides:
//
//   in:   {"date":"2026-11-02","questions":[["s3","s17",28800],…]}
//   out:  {"prepare":812.5,"ask":93.1,"arrivals":[30120,null,…],"again":[[…],[…]]}
//
// Times are seconds of the date, prepare and ask milliseconds. Arrivals hold the change that
// the feed adds. Again: what the second program answers when it is mended in one way, and in two.
//
// Usage: node rivals.mjs PACKAGE FEED.zip, with the files of the feed beside the archive
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { Readable } from 'node:stream';

const require = createRequire(import.meta.url);
const [name, feed] = process.argv.slice(2);

async function minotor() {
  const { GtfsParser } = await import('minotor/parser');
  const { Router, Query, Time, Duration } = await import('minotor');
  const none = Duration.fromSeconds(0);
  return async (date, questions) => {
    const { timetable, stopsIndex } = await new GtfsParser(feed).parse(date);
    const router = new Router(timetable, stopsIndex);
    const answer = ([from, to, time]) => {
      const query = new Query.Builder().from(from).to(to).departureTime(Time.fromSeconds(time)).maxTransfers(2).minTransferTime(none).build();
      let best = null;
      // Its sum of all rounds, earliestArrivals, may be overwritten by a later walk.
      for (const round of router.route(query).earliestArrivalsPerRound) {
        const seconds = round.get(to)?.time.toSeconds();
        if (seconds !== undefined && (best === null || seconds < best)) best = seconds;
      }
      return best;
    };
    return { answer };
  };
}

async function planner() {
  const { loadGTFS, JourneyFactory, RaptorAlgorithmFactory, DepartAfterQuery } = require('raptor-journey-planner');
  const [trips, transfers] = await loadGTFS({ pipe: () => Readable.from(rows()) });
  const prepare = (date) => RaptorAlgorithmFactory.create(trips.filter((t) => t.stopTimes), transfers, {}, date);
  const ask = (raptor, date) => ([from, to, time]) => {
    const query = new DepartAfterQuery(raptor, new JourneyFactory(), 1);
    let best = null;
    for (const { arrivalTime } of query.plan(from, to, new Date(date), time)) {
      if (best === null || arrivalTime < best) best = arrivalTime;
    }
    return best;
  };
  return async (date) => ({ answer: ask(prepare(date), date), again: [false, true].map((stays) => ask(mended(prepare(date), stays), date)) });
}

// rows are what its loader takes of each file: that which it reads archives with never ends on
// Node 20 and later. Ours have no quotes.
function* rows() {
  const files = { calendar: 'calendar', calendar_date: 'calendar_dates', trip: 'trips', stop_time: 'stop_times', transfer: 'transfers', stop: 'stops' };
  for (const [type, name] of Object.entries(files)) {
    const [header, ...lines] = fs.readFileSync(path.join(path.dirname(feed), `${name}.txt`), 'utf8').trimEnd().split('\n').map((line) => line.split(','));
    for (const line of lines) {
      yield { type, data: Object.fromEntries(header.map((column, i) => [column, line[i]])) };
    }
  }
}

// mended makes a planner look for each trip from the end of its route. As it is, it goes on
// from where it stopped in the same query, also when it then asks for a later time at another
// stop. Staying aboard, it does not leave a trip for a later one of its route either: as it is,
// it does so where it comes with the trip after it could change there, but less than what a
// change takes.
function mended(raptor, stays) {
  const { queueFactory, routeScannerFactory } = raptor;
  let aboard = {}; // by route, of one round
  raptor.queueFactory = {
    getQueue(stops) {
      aboard = {};
      return queueFactory.getQueue(stops);
    },
  };
  raptor.routeScannerFactory = {
    create: (date, dow) => ({
      getTrip(route, stop, time) {
        const trip = routeScannerFactory.create(date, dow).getTrip(route, stop, time);
        if (!trip || (stays && aboard[route]?.stopTimes[stop].departureTime <= trip.stopTimes[stop].departureTime)) return undefined;
        return (aboard[route] = trip);
      },
    }),
  };
  return raptor;
}

async function main() {
  console.info = () => {}; // minotor tells of each footpath of 0 seconds there, among our lines
  const start = await { minotor, 'raptor-journey-planner': planner }[name]();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { date, questions } = JSON.parse(line);
    const before = performance.now();
    const { answer, again } = await start(new Date(`${date}T12:00:00Z`));
    const ready = performance.now();
    const arrivals = questions.map(answer);
    const done = performance.now();
    process.stdout.write(JSON.stringify({
      prepare: ready - before, ask: done - ready, arrivals, again: again?.map((answer) => questions.map(answer)),
    }) + '\n');
  }
}

main().catch((error) => {
  console.error(`rivals: ${name}: ${error.stack}`);
  process.exit(1);
});
