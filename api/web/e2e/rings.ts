/** What MVT 2.1 asks of polygons, and what neighbouring cells owe each other; units of a tile. */

export interface Corner {
  readonly x: number;
  readonly y: number;
}
/** Closed: its last corner is its first. */
export type Ring = readonly Corner[];

/** Twice the area of a ring; positive when it turns clockwise on screen, as outer rings do. */
export function doubleArea(ring: Ring): number {
  return ring.reduce((sum, a, at) => {
    const b = ring[at + 1] ?? a;
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
}

/** Throws unless outer rings come before their holes, and each ring is closed once and never stays in place. */
export function checkRings(rings: readonly Ring[]): void {
  let outer: Box | undefined;
  rings.forEach((ring, at) => {
    const [first, last] = [ring[0], ring.at(-1)];
    if (ring.length < 4 || first?.x !== last?.x || first?.y !== last?.y) throw new Error(`ring ${at} is not closed`);
    for (let i = 1; i < ring.length; i += 1) {
      if (ring[i]?.x === ring[i - 1]?.x && ring[i]?.y === ring[i - 1]?.y) throw new Error(`ring ${at} stays in place at ${i}`);
    }
    const area = doubleArea(ring);
    const box = boxOf(ring);
    if (area > 0) outer = box;
    else if (area === 0 || !outer || box.west < outer.west || box.east > outer.east || box.north < outer.north || box.south > outer.south) {
      throw new Error(`ring ${at} has area ${area / 2} and is no hole of the ring before`);
    }
  });
}

/**
 * Throws unless cells that touch share their edge exactly. An edge that no other cell has, the
 * other way round, must have nobody on its other side: the territory ends there, or the tile.
 * Returns how many edges are shared.
 */
export function checkShared(cells: readonly Ring[], extent: number, buffer: number): number {
  const key = (a: Corner, b: Corner) => (((a.x + 128) * 8192 + a.y + 128) * 8192 + b.x + 128) * 8192 + b.y + 128;
  const boxes = cells.map(boxOf);
  const edges = new Set<number>();
  for (const ring of cells) {
    for (let at = 1; at < ring.length; at += 1) {
      const edge = key(ring[at - 1] as Corner, ring[at] as Corner);
      if (edges.has(edge)) throw new Error(`two cells on one side of an edge at ${JSON.stringify(ring[at])}`);
      edges.add(edge);
    }
  }
  let shared = 0;
  for (const ring of cells) {
    for (let at = 1; at < ring.length; at += 1) {
      const [a, b] = [ring[at - 1] as Corner, ring[at] as Corner];
      if (edges.has(key(b, a))) {
        shared += 1;
        continue;
      }
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      // Of what the tile cuts, only scraps are as short as this.
      if (length < 4) continue;
      // A step and a half to the left of the edge, where the cell is not: more than rounding can open, less than a cell.
      const beside = { x: (a.x + b.x) / 2 + (1.5 * (b.y - a.y)) / length, y: (a.y + b.y) / 2 - (1.5 * (b.x - a.x)) / length };
      if (Math.min(beside.x, beside.y) < -buffer || Math.max(beside.x, beside.y) > extent + buffer) continue;
      cells.forEach((other, i) => {
        if (other !== ring && inBox(beside, boxes[i] as Box) && inRing(beside, other)) {
          throw new Error(`an edge of two cells is not the same for both at ${JSON.stringify(a)}`);
        }
      });
    }
  }
  return shared;
}

interface Box {
  readonly west: number;
  readonly north: number;
  readonly east: number;
  readonly south: number;
}

function boxOf(ring: Ring): Box {
  const [xs, ys] = [ring.map(({ x }) => x), ring.map(({ y }) => y)];
  return { west: Math.min(...xs), north: Math.min(...ys), east: Math.max(...xs), south: Math.max(...ys) };
}

function inBox(p: Corner, box: Box): boolean {
  return p.x > box.west && p.x < box.east && p.y > box.north && p.y < box.south;
}

function inRing(p: Corner, ring: Ring): boolean {
  let inside = false;
  for (let at = 1; at < ring.length; at += 1) {
    const [a, b] = [ring[at - 1] as Corner, ring[at] as Corner];
    if (a.y > p.y !== b.y > p.y && p.x < a.x + ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y)) inside = !inside;
  }
  return inside;
}
