// Sockets as raw as a test needs them: bytes out, bytes in, until the peer
// ends. No client library tidies anything up.
import { once } from 'node:events';
import { connect } from 'node:net';

export class Raw {
  constructor(port) {
    this.received = Buffer.alloc(0);
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.socket.emit('more');
    });
    this.socket.on('error', () => {});
    this.ended = new Promise((done) => {
      this.socket.on('close', done);
    });
  }

  send(bytes) {
    this.socket.write(bytes);
    return this;
  }

  // What was received, once `enough(text)` holds.
  async until(enough) {
    while (!enough(this.received)) {
      if (this.socket.destroyed) throw new Error(`ended: ${this.received}`);
      await Promise.race([once(this.socket, 'more'), this.ended]);
    }
    return this.received;
  }

  // Everything until the peer closes.
  async rest() {
    await this.ended;
    return this.received.toString('latin1');
  }

  close() {
    this.socket.destroy();
  }
}

// The status of one raw request, and all of the answer.
export async function ask(port, text) {
  const raw = new Raw(port).send(text);
  await raw.until((seen) => seen.includes('\r\n\r\n'));
  const answer = raw.received.toString('latin1');
  raw.close();
  return { status: Number(answer.split(' ')[1]), answer };
}

export const HANDSHAKE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
].join('\r\n');

// A client's frame, masked with zeros unless told otherwise.
export function frame(opcode, payload, { fin = true, rsv = 0, mask } = {}) {
  const body = Buffer.from(payload);
  const key = Buffer.from(mask ?? [1, 2, 3, 4]);
  const head = [(fin ? 0x80 : 0) | rsv | opcode];
  if (body.length < 126) {
    head.push(0x80 | body.length);
  } else if (body.length < 65536) {
    head.push(0x80 | 126, body.length >> 8, body.length & 255);
  } else {
    head.push(0x80 | 127, 0, 0, 0, 0);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    head.push(...length);
  }
  const masked = body.map((byte, i) => byte ^ key[i % 4]);
  return Buffer.concat([Buffer.from(head), key, masked]);
}

// An open WebSocket; `bytes` holds what came behind the handshake.
export async function openRaw(port, path, headers = '') {
  const raw = new Raw(port).send(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${HANDSHAKE}\r\n${headers}\r\n`,
  );
  await raw.until((seen) => seen.includes('\r\n\r\n'));
  const end = raw.received.indexOf('\r\n\r\n') + 4;
  raw.handshake = raw.received.subarray(0, end).toString('latin1');
  raw.received = raw.received.subarray(end);
  return raw;
}

// The server's frames in `bytes`: [{fin, rsv, opcode, payload}], whole ones
// only.
export function frames(bytes) {
  const found = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    let length = bytes[at + 1] & 127;
    let from = at + 2;
    if (length === 126) {
      if (at + 4 > bytes.length) break;
      length = bytes.readUInt16BE(at + 2);
      from = at + 4;
    } else if (length === 127) {
      if (at + 10 > bytes.length) break;
      length = Number(bytes.readBigUInt64BE(at + 2));
      from = at + 10;
    }
    if (from + length > bytes.length) break;
    found.push({
      fin: (bytes[at] & 128) !== 0,
      rsv: bytes[at] & 0x70,
      opcode: bytes[at] & 15,
      payload: bytes.subarray(from, from + length),
    });
    at = from + length;
  }
  return found;
}

// The close frame that ends a raw WebSocket: {code, reason}.
export async function closing(raw) {
  await raw.until((seen) => frames(seen).some((one) => one.opcode === 8));
  const { payload } = frames(raw.received).find((one) => one.opcode === 8);
  if (payload.length === 0) return { code: 1005, reason: '' };
  return {
    code: payload.readUInt16BE(0),
    reason: payload.subarray(2).toString(),
  };
}
