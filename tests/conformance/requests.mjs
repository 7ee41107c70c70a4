// Requests as a browser makes them, to http and https, from whichever address
// of loopback; one line of the answer at a time.
import { once } from 'node:events';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import WebSocket from 'ws';

// A request whose answer is read in parts, each up to a separator.
export async function open(url, { body, ...options } = {}) {
  const make = url.startsWith('https:') ? overHttps : overHttp;
  const asked = make(url, { agent: false, ...options });
  asked.end(body);
  const [response] = await once(asked, 'response');
  response.setEncoding('utf8');
  response.on('error', () => {});
  let text = '';
  const parts = response[Symbol.asyncIterator]();
  return {
    status: response.statusCode,
    headers: response.headers,
    socket: asked.socket,
    // What comes before `separator`; null at the end.
    async next(separator) {
      while (!text.includes(separator)) {
        const { value, done } = await parts.next();
        if (done) return null;
        text += value;
      }
      const at = text.indexOf(separator);
      const part = text.slice(0, at);
      text = text.slice(at + separator.length);
      return part;
    },
    async rest() {
      for (;;) {
        const { value, done } = await parts.next();
        if (done) return text;
        text += value;
      }
    },
    close: () => asked.destroy(),
  };
}

// A stream of events of the unidirectional or the emulated kind.
export async function openEvents(url, options) {
  const stream = await open(url, options);
  stream.event = async () => {
    for (;;) {
      const event = await stream.next('\n\n');
      if (event === null) return null;
      const [, data] = event.match(/data: (.*)/) ?? [];
      if (data && data !== '{}') return JSON.parse(data);
    }
  };
  return stream;
}

// A WebSocket with a queue of what came; rejects with the status of a refusal.
export function openSocket(url, options = {}) {
  return new Promise((done, failed) => {
    const socket = new WebSocket(url, options);
    const came = [];
    let waiting = null;
    socket.on('message', (text) => {
      for (const line of String(text).split('\n')) {
        if (line === '{}') socket.send('{}');
        else if (waiting) waiting(JSON.parse(line));
        else came.push(JSON.parse(line));
        if (line !== '{}') waiting = null;
      }
    });
    socket.on('unexpected-response', (_, response) => {
      response.resume();
      failed(new Error(`status ${response.statusCode}`));
    });
    socket.on('error', failed);
    socket.on('open', () =>
      done({
        socket,
        ask: (command) => socket.send(JSON.stringify(command)),
        next: () =>
          came.length > 0
            ? Promise.resolve(came.shift())
            : new Promise((tell) => {
                waiting = tell;
              }),
        async close() {
          const closed = once(socket, 'close');
          socket.close();
          await closed;
        },
      }),
    );
  });
}

// Connects, and says what the broker knows of whoever it is.
export async function greet(socket, request = {}) {
  socket.ask({ id: 1, connect: request });
  return (await socket.next()).connect;
}
