/** What the server says of journeys by timetable, as openapi.json has it. */
import type { Gap, LieuServes, Maille } from '../shared/api.ts';
import type { components } from '../shared/openapi.gen.ts';

export type { Trips } from '../shared/api.ts';

type Schemas = components['schemas'];

export type TripLieu = Schemas['TrajetsLieu'];
export type Visit = Schemas['Visite'];
export type Way = Schemas['Trajet'];
export type BusTo = NonNullable<LieuServes['en_bus']>;
export type BusHalfDay = BusTo['demi_journees'][number];
/** What buses add to walking for a territoire, and whom they leave out. */
export type Bus = NonNullable<Gap['bus']>;
/** Transport on demand near a cell, apart from timetables. */
export type CellReservation = NonNullable<Maille['sur_reservation']>;
