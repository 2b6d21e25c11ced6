/** Which lieu of the edition a symbol of the map is. */
import type { Pick } from './map/pick.ts';
import type { LieuFeature } from './shared/api.ts';

/** A stop carries the id of its service, which stops many times: its position tells it apart. */
export function lieuPicked({ index, nom, id }: Extract<Pick, { kind: 'lieu-at' }>, lieux: readonly LieuFeature[]): LieuFeature | undefined {
  return (
    [lieux[index]].find((candidate) => candidate?.properties.nom === nom) ??
    lieux.find(({ properties }) => properties.id === id) ??
    lieux.find(({ properties }) => properties.nom === nom)
  );
}
