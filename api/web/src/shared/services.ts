/** What an edition says of services. */
import type { Edition } from './api.ts';
import type { Service } from './state.ts';

/** Whether no source of the edition says who offers a service: then it is unknown, not offered by nobody. */
export function isUnnamed(edition: Pick<Edition, 'params'> | undefined, service: Service): boolean {
  return edition?.params.services.find(({ code }) => code === service)?.lieux === 0;
}
