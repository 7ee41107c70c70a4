/**
 * The chat room: what is said goes from browser to browser. Whoever may publish
 * on the channel is the broker's business; what they publish is not to be trusted.
 */
(function (Sample) {
  const talk = document.getElementById('talk');
  const say = document.getElementById('say');
  if (!talk || !say) {
    return;
  }
  const state = document.getElementById('chat-state');
  const unsent = document.getElementById('unsent');
  const text = say.elements.text;
  const people = document.getElementById('people');
  const typists = document.getElementById('typists');
  const KEPT = 200;
  const LONGEST = 500;
  const TYPING_EVERY_MS = 2000;
  const TYPING_SHOWN_MS = 3500;
  const me = String(Sample.settings.user.uid);
  // The newest line that is shown; what comes twice is shown once.
  let shown = { offset: 0, epoch: '' };

  function show(said, info) {
    const own = info.user === me;
    const name = String(info.name || 'somebody');
    const item = document.createElement('li');
    item.className = own ? 'said own' : 'said';
    const face = document.createElement('span');
    face.className = 'face';
    face.setAttribute('aria-hidden', 'true');
    face.dataset.hue = Number(info.user) % 6 || 0;
    face.textContent = name.slice(0, 1);
    const who = document.createElement('small');
    who.append(`${name} `, ...(info.at ? [Sample.time(info.at)] : []));
    const words = document.createElement('p');
    words.textContent = said;
    const body = document.createElement('div');
    body.append(who, words);
    item.append(face, body);

    const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
    talk.append(item);
    while (talk.children.length > KEPT) {
      talk.firstElementChild.remove();
    }
    if (own || atEnd) {
      talk.scrollTop = talk.scrollHeight;
    }
  }

  // What a browser said of its own time is believed within reason.
  function timeOf(at) {
    const now = Date.now() / 1000;
    return Number.isFinite(at) && at > now - 86_400 && at <= now + 60 ? at : 0;
  }

  function take({ data, info, offset }) {
    if (offset && offset <= shown.offset) {
      return;
    }
    shown.offset = offset || shown.offset;
    if (data && typeof data.text === 'string' && info) {
      const name = info.connInfo?.name;
      const at = timeOf(data.at);
      show(data.text.slice(0, LONGEST), { user: info.user, name, at });
      typing.delete(info.user);
      showTyping();
    }
  }

  const room = Sample.live('chat:lounge', {
    event(data, info, context) {
      take(context);
    },
    refused(code) {
      state.textContent = `The broker refuses this room (${code}).`;
    },
  });

  // --- What was said before --------------------------------------------------

  async function before() {
    const history = await room.history({ limit: -1 });
    if (history.epoch !== shown.epoch) {
      shown = { offset: 0, epoch: history.epoch };
      talk.replaceChildren();
    }
    history.publications.forEach(take);
  }

  let back = false;
  room.on('subscribed', ({ wasRecovering, recovered }) => {
    if (wasRecovering && recovered) {
      state.textContent = 'The line was cut. You missed nothing.';
    } else {
      if (back) {
        state.textContent =
          'The line was cut for long. What is still known is shown.';
      }
      before().catch(() => {});
    }
    back = true;
    meet().catch(() => {});
  });

  // --- Who is here -------------------------------------------------------------

  const here = new Map();
  function showPeople() {
    const names = new Map();
    here.forEach((info) => {
      names.set(info.user, String(info.connInfo?.name || 'somebody'));
    });
    people.replaceChildren(
      ...[...names].sort().map(([user, name]) => {
        const item = document.createElement('li');
        item.textContent = user === me ? `${name} (you)` : name;
        return item;
      }),
    );
  }

  async function meet() {
    const { clients } = await room.presence();
    here.clear();
    Object.entries(clients).forEach(([id, info]) => here.set(id, info));
    showPeople();
  }
  room.on('join', ({ info }) => {
    here.set(info.client, info);
    showPeople();
  });
  room.on('leave', ({ info }) => {
    here.delete(info.client);
    showPeople();
  });

  // --- Who is typing -----------------------------------------------------------

  const typing = new Map();
  function showTyping() {
    const names = [...typing.values()].map(({ name }) => name);
    typists.textContent =
      names.length === 0
        ? ''
        : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…`;
  }
  const hints = Sample.live('typing:lounge', {
    event(data, info) {
      if (!info || info.user === me) {
        return;
      }
      clearTimeout(typing.get(info.user)?.timer);
      const timer = setTimeout(() => {
        typing.delete(info.user);
        showTyping();
      }, TYPING_SHOWN_MS);
      typing.set(info.user, { name: String(info.name || 'somebody'), timer });
      showTyping();
    },
  });
  let lastHint = 0;
  text.addEventListener('input', () => {
    const now = Date.now();
    if (text.value !== '' && now - lastHint > TYPING_EVERY_MS) {
      lastHint = now;
      hints.publish({});
    }
  });

  say.addEventListener('submit', (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (words === '') {
      return;
    }
    unsent.hidden = true;
    room.publish({ text: words, at: Date.now() / 1000 }).then(
      () => {
        lastHint = 0;
        // Typed on in the meantime? Then that stays.
        if (text.value.trim() === words) {
          text.value = '';
        }
      },
      (error) => {
        unsent.textContent = `Not sent: ${error.message || 'the connection is away'}.`;
        unsent.hidden = false;
      },
    );
    text.focus();
  });
})(window.Sample);
