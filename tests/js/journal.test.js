/**
 * The benchmark's book of who read what: a figure is worth nothing where a line
 * was lost.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Journal } from '../../bench/drupal/journal.mjs';

test('A line that one of the others has not read is missing', () => {
  const journal = new Journal('run', 3);
  journal.measure(true);
  const line = journal.say('speaker');
  journal.read(line, 'speaker');
  journal.read(line, 'first');

  assert.equal(journal.missing, 1);
  journal.read(line, 'second');
  assert.equal(journal.missing, 0);
  assert.equal(journal.summary().readings, 2);
});

test('A line that is read twice by one is told', () => {
  const journal = new Journal('run', 2);
  journal.measure(true);
  const line = journal.say('speaker');
  journal.read(line, 'other');
  journal.read(line, 'other');

  assert.equal(journal.summary().twice, 1);
  assert.equal(journal.missing, 0);
});

test('What was said before it counts, or in another run, does not count', () => {
  const journal = new Journal('run', 2);
  journal.say('speaker');
  journal.measure(true);
  journal.read(new Journal('earlier', 2).say('speaker'), 'other');

  assert.equal(journal.summary().lines, 0);
  assert.equal(journal.missing, 0);
});
