import { expect, test } from 'vitest';
import { CHANGED } from '../shared/palette.ts';
import { boxAround, repainted } from './sketch.ts';

test('rows are painted again when their code is not the one shown', () => {
  const shown = Uint8Array.of(1, 2, 3, 1 + CHANGED, 3);
  const codes = Uint8Array.of(1, 1 + CHANGED, 3, 1, 1 + CHANGED);
  expect(repainted([0, 1, 2, 3, 4], shown, codes)).toEqual(
    new Map([
      [1 + CHANGED, [1, 4]],
      [1, [3]],
    ]),
  );
});

test('rows out of view are left alone, and so is a map that shows what is asked', () => {
  const shown = Uint8Array.of(1, 2, 3);
  expect(repainted([0], shown, Uint8Array.of(1, 3, 1)).size).toBe(0);
  expect(repainted([0, 1, 2], shown, shown).size).toBe(0);
});

test('the box of shapes holds them, edges included, in whole steps', () => {
  expect(boxAround([Float32Array.of(130, 10, 140, 255.5), Float32Array.of(200, 40, 300, 60)])).toEqual([128, 0, 384, 384]);
  expect(boxAround([Float32Array.of(128, 128, 256, 256)])).toEqual([0, 0, 384, 384]);
  expect(boxAround([])).toBeUndefined();
});
