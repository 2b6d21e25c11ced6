/** The way of the map's view to what is selected. */
import type { MapView } from './map/view.ts';
import type { Surroundings } from './panel/card.ts';
import type { Selection, State } from './shared/state.ts';

/** Moves the view to a selection, in flight or at once; a cell was picked where it is seen. */
export async function fly(
  map: MapView,
  selection: Selection,
  state: State,
  { api, zones, checks, gaps }: Pick<Surroundings, 'api' | 'zones' | 'checks' | 'gaps'>,
  inFlight: boolean,
): Promise<void> {
  switch (selection.kind) {
    case 'zone':
    case 'verifier': {
      const zone = (selection.kind === 'zone' ? zones() : checks()).find(({ id }) => String(id) === selection.id);
      if (zone) map.flyToBounds(zone.bbox, inFlight);
      return;
    }
    case 'territoire': {
      const known = gaps().find(({ type, code }) => `${type}:${code}` === selection.id);
      // The card asks for the same address and says what is wrong with it, if anything is.
      const gap = known ?? (await api.getTerritoire(selection.id, state).catch(() => undefined));
      if (gap?.bbox) map.flyToBounds(gap.bbox, inFlight);
      return;
    }
    case 'lieu': {
      const lieux = await api.getLieux().catch(() => []);
      const lieu = lieux.find(({ properties }) => properties.id === selection.id);
      if (lieu) map.flyToPoint(lieu.geometry.coordinates, inFlight);
      return;
    }
    case 'maille':
      return;
  }
}
