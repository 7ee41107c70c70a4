// The usual way to broadcast from Node: an HTTP server, `ws` on it, and a loop
// over a channel's clients for each message.
//
//   node ws.mjs PORT     GET /sub/CHANNEL (WebSocket), POST /pub/CHANNEL
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const channels = new Map();
const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
});

const server = createServer((request, response) => {
  const channel = request.url.slice('/pub/'.length);
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const message = Buffer.concat(parts).toString();
    for (const client of channels.get(channel) ?? []) {
      client.send(message);
    }
    response.writeHead(204).end();
  });
});

server.on('upgrade', (request, socket, head) => {
  const channel = request.url.slice('/sub/'.length);
  sockets.handleUpgrade(request, socket, head, (client) => {
    if (!channels.has(channel)) {
      channels.set(channel, new Set());
    }
    channels.get(channel).add(client);
    client.on('close', () => channels.get(channel).delete(client));
    client.on('error', () => client.terminate());
  });
});

server.listen({ host: '127.0.0.1', port: process.argv[2], backlog: 4096 });
