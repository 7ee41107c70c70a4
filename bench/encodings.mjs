// What JSON, Protobuf, compression and deltas cost: bytes on the wire and the
// broker's CPU, for the same events to the same number of subscribers.
//
// usage: node bench/encodings.mjs [SUBSCRIBERS [EVENTS]]
import { Broker } from '../tests/conformance/broker.mjs';
import { Link } from '../tests/conformance/link.mjs';
import { pause, Raw, usage } from './raw.mjs';

const subscribers = Number(process.argv[2] ?? 500);
const events = Number(process.argv[3] ?? 2000);

// A row of a live list: most of it is as it was the last time.
const event = (n) => ({
  id: 4711,
  type: 'article',
  title: 'What is new in the editors’ room',
  summary:
    'Somebody changed a few words, and everybody who looks sees it. '.repeat(6),
  author: { uid: 5, name: 'editor' },
  changed: 1_764_000_000 + n,
  comments: n,
});

const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, n >> 7]);
const field = (number, bytes) => [
  (number << 3) | 2,
  ...varint(bytes.length),
  ...bytes,
];
const delimited = (bytes) => [...varint(bytes.length), ...bytes];
function commands(protobuf, delta) {
  if (!protobuf) {
    const subscribe = {
      channel: 'list:1',
      ...(delta ? { delta: 'fossil' } : {}),
    };
    return `{"id":1,"connect":{}}\n${JSON.stringify({ id: 2, subscribe })}`;
  }
  const text = (value) => [...Buffer.from(value)];
  const subscribe = [
    ...field(1, text('list:1')),
    ...(delta ? field(12, text('fossil')) : []),
  ];
  return Buffer.from([
    ...delimited([8, 1, ...field(4, [])]),
    ...delimited([8, 2, ...field(5, subscribe)]),
  ]);
}

async function measure(name, { protobuf, deflate, delta }) {
  const namespaces = [
    {
      name: 'list',
      allowed_delta_types: ['fossil'],
      delta_publish: true,
      history_size: 10,
      history_ttl: '60s',
    },
  ];
  const broker = await Broker.start({
    flags: ['--insecure', '--workers', '1', '--websocket-compression'],
    env: { DRUPALRT_CHANNEL_NAMESPACES: JSON.stringify(namespaces) },
  });
  const all = [];
  for (let i = 0; i < subscribers; i += 1) {
    all.push(
      await Raw.open({
        port: broker.port,
        protobuf,
        deflate,
        commands: commands(protobuf, delta),
        until: protobuf ? '\x08\x022' : '"id":2,',
      }),
    );
  }
  const link = await Link.open(broker.socket);
  const before = usage(broker.child.pid);
  const from = process.hrtime.bigint();
  for (let n = 0; n < events; n += 1) {
    link.publish('list:1', event(n));
    // So that publications are not joined more for one than for another.
    if (n % 8 === 7) await pause(1);
  }
  const total = () => all.reduce((sum, one) => sum + one.bytes, 0);
  let seen = -1;
  while (seen !== total()) {
    seen = total();
    await pause(300);
  }
  const seconds = Number(process.hrtime.bigint() - from) / 1e9 - 0.3;
  const after = usage(broker.child.pid);
  const deliveries = subscribers * events;
  console.log(
    `| ${name} | ${Math.round(seen / deliveries)} | ${(((after.cpu - before.cpu) * 1e6) / deliveries).toFixed(2)} | ${seconds.toFixed(1)} |`,
  );
  for (const one of all) one.close();
  link.close();
  await broker.remove();
}

console.log(
  `${events} events of ${JSON.stringify(event(1)).length} bytes to ${subscribers} subscribers\n`,
);
console.log('| | bytes a delivery | CPU s per million | seconds |');
console.log('|---|---:|---:|---:|');
for (const [name, how] of [
  ['JSON', {}],
  ['Protobuf', { protobuf: true }],
  ['JSON, compressed', { deflate: true }],
  ['Protobuf, compressed', { protobuf: true, deflate: true }],
  ['JSON, delta', { delta: true }],
  ['Protobuf, delta', { protobuf: true, delta: true }],
  ['JSON, delta, compressed', { delta: true, deflate: true }],
]) {
  await measure(name, how);
}
