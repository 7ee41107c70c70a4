/**
 * @file
 * Keeps the list of content as it is on the server.
 */

((Drupal, once) => {
  const CHANNEL = 'demo:content';

  const notes = {
    insert: (who) => Drupal.t('created by @who', { '@who': who }),
    update: (who) => Drupal.t('changed by @who', { '@who': who }),
    delete: (who) => Drupal.t('removed by @who', { '@who': who }),
  };

  // Nothing of an event becomes markup: all of it is set as text.
  const line = (event) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    const note = document.createElement('small');
    const time = document.createElement('time');
    const when = new Date(event.when * 1000);
    item.dataset.id = event.id;
    link.href = event.url;
    link.textContent = event.title;
    time.dateTime = when.toISOString();
    time.textContent = when.toLocaleTimeString();
    note.append(`${notes[event.action](event.who)}, `, time);
    item.append(link, ' ', note);
    item.classList.add('is-new');
    return item;
  };

  const apply = (list, event) => {
    list.querySelector(`[data-id="${Number(event.id)}"]`)?.remove();
    if (event.action !== 'delete') {
      list.prepend(line(event));
      while (list.children.length > Number(list.dataset.drupalrtContent)) {
        list.lastElementChild.remove();
      }
    }
    Drupal.announce(`${event.title}: ${notes[event.action](event.who)}`);
  };

  // After an outage: the list as the server has it, once for all that was
  // missed.
  const refetch = async (list) => {
    const response = await fetch(window.location.href, {
      credentials: 'same-origin',
    }).catch(() => null);
    if (!response?.ok) {
      return;
    }
    const page = new DOMParser().parseFromString(
      await response.text(),
      'text/html',
    );
    const fresh = page.querySelector('[data-drupalrt-content]');
    if (fresh) {
      list.replaceChildren(...fresh.children);
    }
  };

  Drupal.behaviors.drupalrtDemoContent = {
    attach(context) {
      once('drupalrt-content', '[data-drupalrt-content]', context).forEach(
        (list) => {
          Drupal.drupalrt
            .channel(CHANNEL)
            .on((event) => {
              if (notes[event.action]) {
                apply(list, event);
              }
            })
            .on('resync', () => refetch(list))
            .on('subscribed', () => {
              list.dataset.live = 'yes';
            });
          Drupal.drupalrt.on('state', ({ state }) => {
            if (state !== 'connected') {
              delete list.dataset.live;
            }
          });
        },
      );
    },
  };
})(Drupal, once);
