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
  const KEPT = 200;
  const LONGEST = 500;

  function show(said, info) {
    const own = info.user === String(Sample.settings.user.uid);
    const name = String(info.name || 'somebody');
    const item = document.createElement('li');
    item.className = own ? 'said own' : 'said';
    const face = document.createElement('span');
    face.className = 'face';
    face.setAttribute('aria-hidden', 'true');
    face.dataset.hue = Number(info.user) % 6 || 0;
    face.textContent = name.slice(0, 1);
    const who = document.createElement('small');
    who.append(`${name} `, Sample.time(Date.now() / 1000));
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

  const room = Sample.live('chat:lounge', {
    event(data, info) {
      if (data && typeof data.text === 'string' && info) {
        show(data.text.slice(0, LONGEST), info);
      }
    },
    refused(code) {
      state.textContent = `The broker refuses this room (${code}).`;
    },
  });

  say.addEventListener('submit', (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (words === '') {
      return;
    }
    unsent.hidden = true;
    room.publish({ text: words }).then(
      () => {
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
