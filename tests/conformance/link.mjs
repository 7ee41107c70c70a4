// PHP's side of the link (core/wire/link_format.h), for tests that need no PHP.
import { once } from 'node:events';
import { connect } from 'node:net';

const HELLO = 1;
const SELECT = 3;
const PUBLISH = 4;
const CALL = 5;
const REPLY = 6;

export class Link {
  static async open(path, hello = {}) {
    const link = new Link();
    link.frames = [];
    link.buffer = Buffer.alloc(0);
    link.socket = connect(path);
    link.socket.on('error', () => {});
    link.closed = new Promise((done) => {
      link.socket.on('close', done);
    });
    link.socket.on('data', (bytes) => link.take(bytes));
    await once(link.socket, 'connect');
    link.send(
      HELLO,
      0,
      JSON.stringify({ version: 'test', protocol: 1, ...hello }),
    );
    link.hello = JSON.parse((await link.next()).body);
    return link;
  }

  take(bytes) {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    while (this.buffer.length >= 16) {
      const length = this.buffer.readUInt32LE(0);
      if (this.buffer.length < 16 + length) return;
      this.frames.push({
        type: this.buffer[4],
        id: this.buffer.readUInt32LE(8),
        body: this.buffer.subarray(16, 16 + length).toString(),
      });
      this.buffer = this.buffer.subarray(16 + length);
      this.socket.emit('frame');
    }
  }

  async next() {
    while (this.frames.length === 0) {
      const ended = await Promise.race([
        once(this.socket, 'frame'),
        this.closed.then(() => 'ended'),
      ]);
      if (ended === 'ended') throw new Error('the broker closed the link');
    }
    return this.frames.shift();
  }

  send(type, id, body) {
    const bytes = Buffer.from(body);
    const header = Buffer.alloc(16);
    header.writeUInt32LE(bytes.length, 0);
    header[4] = type;
    header.writeUInt32LE(id, 8);
    this.socket.write(Buffer.concat([header, bytes]));
  }

  async reply(id) {
    for (;;) {
      const frame = await this.next();
      if (frame.type === REPLY && frame.id === id) {
        return JSON.parse(frame.body);
      }
    }
  }

  async call(method, params = {}) {
    this.lastId = (this.lastId ?? 0) + 1;
    this.send(CALL, this.lastId, JSON.stringify({ method, params }));
    return this.reply(this.lastId);
  }

  // All that follows is for that site.
  select(key, secret) {
    const head = Buffer.alloc(4);
    head[0] = key.length;
    head.writeUInt16LE(secret.length, 2);
    this.send(
      SELECT,
      0,
      Buffer.concat([head, Buffer.from(key), Buffer.from(secret)]),
    );
  }

  // Without an answer unless `confirmed`.
  async publish(channel, data, confirmed = false) {
    const name = Buffer.from(channel);
    const json = Buffer.from(JSON.stringify(data));
    const head = Buffer.alloc(8);
    head.writeUInt16LE(1, 0);
    head.writeUInt32LE(json.length, 4);
    const size = Buffer.alloc(2);
    size.writeUInt16LE(name.length, 0);
    const body = Buffer.concat([head, size, name, json]);
    if (!confirmed) return this.send(PUBLISH, 0, body);
    this.lastId = (this.lastId ?? 0) + 1;
    this.send(PUBLISH, this.lastId, body);
    return this.reply(this.lastId);
  }

  close() {
    this.socket.destroy();
  }
}
