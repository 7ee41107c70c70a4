/**
 * Waiting for something to be so.
 */
import { connect } from 'node:net';

const PATIENCE_MS = 1000;

/** Asks until the answer is true; then goes on, or says what did not happen. */
export async function until(what, question, patienceMs = 10000) {
  const end = Date.now() + patienceMs;
  for (;;) {
    if (await question()) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`${what} did not happen within ${patienceMs / 1000} s.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether something listens at a TCP port of loopback or a socket's path. */
export function listens(where) {
  return new Promise((resolve) => {
    const socket = connect(
      typeof where === 'number' ? { port: where, host: '127.0.0.1' } : where,
    );
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Whether a server there says the first word, as those of MySQL's kind do. */
export function speaks(where) {
  return new Promise((resolve) => {
    const socket = connect(where);
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => done(true));
    for (const event of ['error', 'close']) {
      socket.once(event, () => done(false));
    }
    socket.setTimeout(PATIENCE_MS, () => done(false));
  });
}
