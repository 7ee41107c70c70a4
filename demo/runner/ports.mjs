/**
 * Ports on loopback that nobody has.
 */
import { createServer } from 'node:net';

function open(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      resolve(server),
    );
  });
}

/**
 * One port for each wish; where a wished one is taken (or 0), any free one.
 *
 * All are held until the last is found, so that no two are the same.
 */
export async function freePorts(wishes) {
  const servers = [];
  for (const wish of wishes) {
    servers.push(await open(wish).catch(() => open(0)));
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(
    servers.map((server) => new Promise((done) => server.close(done))),
  );
  return ports;
}
