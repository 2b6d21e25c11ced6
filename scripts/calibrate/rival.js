// Answers trips with Valhalla, one JSON object per line on both sides:
//
//   in:   {"costing":"auto","from":[lon,lat],"to":[lon,lat]}
//   out:  {"s":107.2,"m":1518,"shape":"…","ferry":false}, or {"none":"why there is no trip"}
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
    const { costing, from, to } = JSON.parse(line);
    process.stdout.write(JSON.stringify(await trip(actor, costing, [from, to])) + '\n');
  }
}

async function trip(actor, costing, ends) {
  const locations = ends.map(([lon, lat]) => ({ lon, lat }));
  try {
    const { trip } = await actor.route({ locations, costing, directions_type: 'none' });
    const [{ summary, shape }] = trip.legs;
    return { s: summary.time, m: summary.length * 1000, shape, ferry: summary.has_ferry };
  } catch (error) {
    return { none: error.message };
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`rival: ${error.message}`);
  process.exit(1);
});
