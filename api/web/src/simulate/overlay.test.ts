import { expect, test } from 'vitest';
import { differenceCode, gainCodes, overlay } from './overlay.ts';
import { OTHERWISE, CHANGED, GAINED, GAIN_FIRST, GAIN_NONE, UNCHANGED, LOST } from '../shared/palette.ts';

// couverte 1, grise 2, blanche 3, inconnue 4, nobody 0
const CLASSE = Uint8Array.of(1, 2, 3, 4, 0);
const CHANGE = { rows: [0, 2], before: [1, 3], after: [3, 2] };

test('after shows the changed rows, marked, and leaves the edition as it was', () => {
  expect([...overlay(CLASSE, CHANGE, 'apres')]).toEqual([3 + CHANGED, 2, 2 + CHANGED, 4, 0]);
  expect([...overlay(CLASSE, CHANGE, 'avant')]).toEqual([1 + CHANGED, 2, 3 + CHANGED, 4, 0]);
  expect([...CLASSE]).toEqual([1, 2, 3, 4, 0]);
});

test('the difference shows who gains and who loses', () => {
  expect([...overlay(CLASSE, CHANGE, 'difference')]).toEqual([LOST + CHANGED, UNCHANGED, GAINED + CHANGED, UNCHANGED, 0]);
  expect([...overlay(CLASSE, undefined, 'apres')]).toEqual([...CLASSE]);
});

test.each([
  [3, 1, GAINED],
  [3, 4, GAINED],
  [2, 1, GAINED],
  [1, 4, LOST],
  [2, 3, LOST],
  [2, 4, OTHERWISE],
])('from class %i to %i', (before, after, code) => expect(differenceCode(before, after)).toBe(code));

test('gains are banded; nobody is not zero', () => {
  expect([...gainCodes(Uint32Array.of(4294967295, 0, 1, 99, 100, 4000))]).toEqual([0, GAIN_NONE, GAIN_FIRST, GAIN_FIRST, GAIN_FIRST + 1, GAIN_FIRST + 5]);
});
