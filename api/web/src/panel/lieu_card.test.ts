import { expect, test } from 'vitest';
import { webHost } from './lieu_card.ts';

test.each([
  ['https://www.rdv-aide-numerique.fr/org/2921', 'rdv-aide-numerique.fr'],
  ['http://mairie.example:8080/a?b=1', 'mairie.example:8080'],
  ['javascript:alert(1)', undefined],
  ['JaVaScRiPt:alert(1)', undefined],
  [' javascript:alert(1)', undefined],
  ['data:text/html,<script>', undefined],
  ['mailto:a@b.fr', undefined],
  ['//ailleurs.example', undefined],
  ['/territoires', undefined],
  ['www.mairie.fr', undefined],
  ['', undefined],
  [undefined, undefined],
])('a link is made of addresses of the web only: %s', (address, host) => {
  expect(webHost(address)).toBe(host);
});
