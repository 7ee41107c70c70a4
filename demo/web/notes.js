/**
 * The live list: events change it in place; only where some may have been missed
 * is it fetched again, once.
 */
(function (Sample) {
  const SHOWN = 50;
  /** How long an event may be overtaken by a later one before it counts as lost. */
  const LATE_MS = 1000;

  const list = document.getElementById('notes');
  const none = document.getElementById('none');
  const last = document.getElementById('last');
  const template = document.getElementById('note');
  const save = document.getElementById('save');

  let revision = Number(list.dataset.revision);
  const missing = new Set();
  const deleted = new Map();
  let late = 0;

  function find(id) {
    return list.querySelector(`[data-id="${Number(id)}"]`);
  }

  function mayEdit(uid) {
    const { editAny, editOwn } = Sample.settings.sample;
    return editAny || (editOwn && uid === Sample.settings.user.uid);
  }

  function fill(item, note) {
    item.dataset.revision = note.revision;
    item.dataset.uid = note.uid;
    const field = (name) => item.querySelector(`[data-field="${name}"]`);
    field('title').textContent = note.title;
    field('body').textContent = note.body;
    field('author').textContent = note.author;
    field('edited').textContent =
      note.changed_by === note.author ? '' : `, edited by ${note.changed_by}`;
    const changed = Sample.time(note.changed);
    changed.dataset.field = 'changed';
    field('changed').replaceWith(changed);
    const face = item.querySelector('.face');
    face.dataset.hue = note.uid % 6;
    face.textContent = note.author.slice(0, 1);
    const edit = item.querySelector('[data-tool="edit"]');
    edit.href = `/notes/${note.id}`;
    edit.setAttribute('aria-label', `Edit ${note.title}`);
    const erase = item.querySelector('[data-tool="delete"]');
    erase.setAttribute('formaction', `/notes/${note.id}/delete`);
    erase.setAttribute('aria-label', `Delete ${note.title}`);
    item.querySelector('.note-tools').hidden = !mayEdit(note.uid);
  }

  /** Newest first, as PHP lists them. */
  function place(item, id) {
    const after = [...list.children].find((other) => other.dataset.id < id);
    list.insertBefore(item, after ?? null);
  }

  function put(note, fresh) {
    let item = find(note.id);
    if (deleted.get(note.id) >= note.revision) {
      return;
    }
    if (!item) {
      item = template.content.firstElementChild.cloneNode(true);
      item.dataset.id = note.id;
      place(item, note.id);
    } else if (Number(item.dataset.revision) >= note.revision) {
      return;
    }
    fill(item, note);
    item.classList.remove('fresh');
    if (fresh) {
      // Reading the size lets the animation start anew.
      void item.offsetWidth;
      item.classList.add('fresh');
    }
  }

  function remove(id) {
    const item = find(id);
    if (item?.contains(document.activeElement)) {
      document.getElementById('main').focus();
    }
    item?.remove();
  }

  function trim() {
    while (list.children.length > SHOWN) {
      list.lastElementChild.remove();
    }
    none.hidden = list.children.length > 0;
  }

  /** Notes which revisions lie between; true when some have not come yet. */
  function follow(next) {
    missing.delete(next);
    for (let gap = revision + 1; gap < next && missing.size <= 100; gap += 1) {
      missing.add(gap);
    }
    revision = Math.max(revision, next);
    return missing.size > 0;
  }

  function replace(snapshot) {
    const there = new Set(snapshot.notes.map((note) => String(note.id)));
    [...list.children].forEach((item) => {
      const known = Number(item.dataset.revision) <= snapshot.revision;
      if (known && !there.has(item.dataset.id)) {
        remove(item.dataset.id);
      }
    });
    snapshot.notes.forEach((note) => put(note, false));
    trim();
    revision = Math.max(revision, snapshot.revision);
    missing.clear();
  }

  /** Where PHP is away as well, the next event finds the gap again. */
  const refetch = Sample.once(() => Sample.get('/notes.json').then(replace));

  function apply(event) {
    if (!event || !Number.isInteger(event.revision) || !event.note) {
      return;
    }
    if (event.op === 'delete') {
      deleted.set(event.note.id, event.revision);
      remove(event.note.id);
    } else {
      put(event.note, true);
    }
    trim();
    const verb = { insert: 'wrote', update: 'changed', delete: 'deleted' };
    last.replaceChildren(
      `${event.by} ${verb[event.op]} ${event.note.title ? `“${event.note.title}”` : 'a note'} `,
      Sample.time(event.at),
    );
    if (follow(event.revision) && !late) {
      late = setTimeout(() => {
        late = 0;
        if (missing.size > 0) {
          refetch();
        }
      }, LATE_MS);
    }
  }

  Sample.live('notes:list', { event: apply, resync: refetch });

  Sample.form(save, (event) => {
    save.reset();
    // Where the broker is away, the writer at least sees the own note.
    apply(event);
  });
  Sample.form(document.getElementById('delete'), apply);
})(window.Sample);
