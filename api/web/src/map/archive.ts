/**
 * The map without a server: answers are files beside the page, made by `maillage export
 * site`, and tiles come out of one archive, read by ranges of bytes.
 */
import { addProtocol } from 'maplibre-gl';
import { PMTiles } from 'pmtiles';

/** What addresses of tiles begin with. */
export const TILES = 'archive://';

/** Decompressed tiles that are kept: each layer of the map asks for the same one. */
const KEPT = 96;

/** Lets the map read its tiles from the archive at `address`. */
export function openArchive(address: string): void {
  const archive = new PMTiles(address);
  const tiles = new Map<string, Promise<ArrayBuffer>>();
  addProtocol('archive', async ({ url }) => {
    let tile = tiles.get(url);
    if (!tile) {
      const [z = 0, x = 0, y = 0] = url.slice(TILES.length).split('/').map(Number);
      tile = archive.getZxy(z, x, y).then((found) => found?.data ?? new ArrayBuffer(0));
      tile.catch(() => tiles.delete(url));
      tiles.set(url, tile);
      for (const old of [...tiles.keys()].slice(0, -KEPT)) tiles.delete(old);
    }
    return { data: (await tile).slice(0) }; // the map takes what it is given away to a worker
  });
}
