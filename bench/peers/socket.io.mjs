// The same on Socket.IO: a channel is a room, named in the connect packet.
//
//   node socket.io.mjs PORT     POST /pub/CHANNEL
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const server = createServer();
const io = new Server(server, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
});
io.on('connection', (socket) => socket.join(socket.handshake.auth.channel));

server.on('request', (request, response) => {
  if (!request.url.startsWith('/pub/')) {
    return;
  }
  const channel = request.url.slice('/pub/'.length);
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    io.to(channel).emit('message', JSON.parse(Buffer.concat(parts)));
    response.writeHead(204).end();
  });
});

server.listen({ host: '127.0.0.1', port: process.argv[2], backlog: 4096 });
