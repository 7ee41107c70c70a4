// The broker's deltas, applied by the browser's library. The broker's own tests
// hold that these are what it makes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Centrifuge } from 'centrifuge';

const vectors = JSON.parse(
  readFileSync(
    new URL('../core/wire/fossil_vectors.json', import.meta.url),
    'utf8',
  ),
);
// What its subscriptions give a publication to.
const codec = new Centrifuge('ws://127.0.0.1')._codec;

test('there are deltas to apply', () => {
  assert.equal(vectors.length, 6);
});

for (const { what, base, target, delta } of vectors) {
  test(`a delta of ${what} makes the target`, () => {
    const { newData, newPrevValue } = codec.applyDeltaIfNeeded(
      { delta: true, data: delta },
      new TextEncoder().encode(base),
    );
    assert.deepEqual(newData, JSON.parse(target));
    assert.equal(new TextDecoder().decode(newPrevValue), target);
  });
}
