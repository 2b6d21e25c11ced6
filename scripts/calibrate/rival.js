// Answers trips with Valhalla, one JSON object per line on both sides:
//
//   in:   {"costing":"auto","options":{…},"from":[lon,lat],"to":[lon,lat],"edges":false}
//   out:  {"s":107.2,"m":1518,"shape":"…","ferry":false}, or {"none":"why there is no trip"}
//
// With edges, also those that the trip takes, and its shape is the one that they index:
//
//   {…,"edges":[{"way":1234,"m":104,"kmh":35,"turn":0.8,"first":0,"last":5}]}
//
// Usage: node rival.js PACKAGE TILES
'use strict';
const readline = require('readline');

async function main([folder, tiles]) {
  const { Actor, getConfig } = require(folder);
  const config = await getConfig({ tileDir: tiles, tileExtract: '' });
  config.mjolnir.logging = { type: '' };
  const actor = new Actor(config);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await trip(actor, JSON.parse(line))) + '\n');
  }
}

async function trip(actor, { costing, options, from, to, edges }) {
  const locations = [from, to].map(([lon, lat]) => ({ lon, lat }));
  const costing_options = { [costing]: options };
  try {
    const { trip } = await actor.route({ locations, costing, costing_options, directions_type: 'none' });
    const [{ summary, shape }] = trip.legs;
    const answer = { s: summary.time, m: summary.length * 1000, shape, ferry: summary.has_ferry };
    return edges ? await withEdges(actor, { encoded_polyline: shape, costing, costing_options }, answer) : answer;
  } catch (error) {
    return { none: error.message };
  }
}

// withEdges adds the edges of a trip; none where Valhalla does not find them back.
async function withEdges(actor, question, answer) {
  try {
    const walk = await actor.traceAttributes({ ...question, shape_match: 'edge_walk' });
    const edges = walk.edges.map((e) => ({
      way: e.way_id, m: e.length * 1000, kmh: e.speed, turn: e.end_node.transition_time,
      first: e.begin_shape_index, last: e.end_shape_index,
    }));
    return { ...answer, shape: walk.shape, edges };
  } catch {
    return answer;
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`rival: ${error.message}`);
  process.exit(1);
});
