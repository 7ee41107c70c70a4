// Clients of all transports, in both encodings, with the official client.
import { Centrifuge } from 'centrifuge';
import { Centrifuge as ProtobufCentrifuge } from 'centrifuge/build/protobuf';
import EventSource from 'eventsource';
import WebSocket from 'ws';

const kinds = [
  ['json', 'websocket'],
  ['protobuf', 'websocket'],
  ['json', 'websocket'],
  ['json', 'sse'],
  ['protobuf', 'http_stream'],
  ['json', 'http_stream'],
];

const decoders = {
  json: (data) => data,
  protobuf: (data) => JSON.parse(new TextDecoder().decode(data)),
};

export class Member {
  // `channels`: the streams it follows; every third by delta.
  constructor(base, number, channels, ledger) {
    const [encoding, transport] = kinds[number % kinds.length];
    this.name = `${encoding} ${transport} ${number}`;
    const Client = encoding === 'json' ? Centrifuge : ProtobufCentrifuge;
    const websocket = transport === 'websocket';
    this.client = new Client(
      [
        {
          transport,
          endpoint: `${websocket ? base.replace('http', 'ws') : base}/connection/${transport}`,
        },
      ],
      {
        websocket: class extends WebSocket {
          constructor(url, protocols) {
            super(url, protocols, { perMessageDeflate: number % 4 === 0 });
          }
        },
        fetch,
        readableStream: ReadableStream,
        eventsource: EventSource,
        emulationEndpoint: `${base}/emulation`,
        minReconnectDelay: 10,
        maxReconnectDelay: 500,
        timeout: 30_000,
      },
    );
    this.states = new Map();
    for (const [i, channel] of channels.entries()) {
      const delta = (number + i) % 3 === 0 ? { delta: 'fossil' } : {};
      const subscription = this.client.newSubscription(channel, delta);
      this.states.set(
        channel,
        ledger.follow(
          `${this.name} in ${channel}`,
          subscription,
          decoders[encoding],
        ),
      );
      subscription.subscribe();
    }
  }

  connect() {
    this.client.connect();
  }

  // Does one of the things that browsers do, without a word before.
  async misbehave(random) {
    if (this.client.state !== 'connected') return;
    const choice = random();
    if (choice < 0.4) {
      // The line is cut.
      this.client._transport?._transport?.terminate?.();
      if (this.client._transport?._transport?.terminate === undefined) {
        this.client.disconnect();
        this.client.connect();
      }
    } else if (choice < 0.7) {
      // A laptop's lid.
      this.client.disconnect();
      await new Promise((done) => setTimeout(done, 300 * random()));
      this.client.connect();
    } else {
      const all = Object.values(this.client.subscriptions());
      const one = all[Math.floor(random() * all.length)];
      one.unsubscribe();
      await new Promise((done) => setTimeout(done, 100 * random()));
      one.subscribe();
    }
  }
}
