// Clients that cost next to nothing: a socket each, masked frames out, bytes
// counted in. For measuring what a broker does, not what they do.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

function frame(opcode, payload) {
  const body = Buffer.from(payload);
  const head =
    body.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | body.length])
      : Buffer.from([0x80 | opcode, 0xfe, body.length >> 8, body.length & 255]);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, Buffer.alloc(4), body]);
}

// The code of a closing frame at the end of what came, or a refused handshake's
// status.
function end(text) {
  const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
  if (status !== '101') return Number(status ?? 0);
  for (let at = text.lastIndexOf('\x88'); at >= 0; ) {
    const code = (text.charCodeAt(at + 2) << 8) | text.charCodeAt(at + 3);
    if (code >= 1000 && code < 5000) return code;
    at = at === 0 ? -1 : text.lastIndexOf('\x88', at - 1);
  }
  return 0;
}

export class Raw {
  // `commands`: the first message; `until`: what its answer contains;
  // `headers`: more of the handshake's lines. Where it is closed instead, the
  // error has the code.
  static async open({
    port,
    protobuf = false,
    deflate = false,
    commands,
    until,
    headers = [],
  }) {
    const raw = new Raw();
    raw.bytes = 0;
    raw.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise((done, failed) => {
      raw.socket.once('connect', done);
      raw.socket.once('error', failed);
    });
    raw.socket.on('error', () => {});
    const lines = [
      'GET /connection/websocket HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ];
    lines.push(...headers);
    if (protobuf) lines.push('Sec-WebSocket-Protocol: centrifuge-protobuf');
    if (deflate) lines.push('Sec-WebSocket-Extensions: permessage-deflate');
    raw.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    raw.socket.write(frame(protobuf ? 2 : 1, commands));
    let text = '';
    await new Promise((done, failed) => {
      const look = (bytes) => {
        text += bytes.toString('latin1');
        if (end(text) >= 1000) raw.close();
        if (!text.includes(until)) return;
        raw.socket.off('data', look);
        raw.answer = text;
        done();
      };
      raw.socket.on('data', look);
      raw.socket.once('close', () =>
        failed(
          Object.assign(new Error(`closed: ${text}`), { code: end(text) }),
        ),
      );
    });
    raw.socket.on('data', (bytes) => {
      raw.bytes += bytes.length;
      // A closing frame comes by itself, or behind a few short ones.
      if (
        bytes.length < 512 &&
        end(`HTTP/1.1 101${bytes.toString('latin1')}`) >= 1000
      ) {
        raw.close();
      }
    });
    return raw;
  }

  close() {
    this.socket.destroy();
  }
}

// Seconds of CPU and megabytes in memory of a process.
export function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / 100,
    memory: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
  };
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
