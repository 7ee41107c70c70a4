/**
 * The waiting line: the board for all, the own place, and the desk for agents.
 */
(function (Sample) {
  const { sample, user } = Sample.settings;
  const place = document.getElementById('place');
  const tickets = document.getElementById('tickets');
  let boardAt = Number(document.querySelector('.line').dataset.revision);
  let placeAt = boardAt;
  let deskAt = boardAt;

  function field(name) {
    return document.querySelector(`[data-field="${name}"]`);
  }

  function showBoard(board) {
    field('waiting').textContent = board.waiting;
    field('serving').textContent = board.serving || '–';
  }

  function sentence(ticket) {
    if (!ticket) {
      return 'You are not in line.';
    }
    if (ticket.state === 'called') {
      return `Ticket ${ticket.number}: ${ticket.called_by} is waiting for you.`;
    }
    return ticket.position === 1
      ? `Ticket ${ticket.number}: you are next.`
      : `Ticket ${ticket.number}: ${ticket.position - 1} before you.`;
  }

  function showPlace(ticket) {
    if (!place) {
      return;
    }
    // The button that was pressed may vanish; the focus goes to the other one.
    const had = place.contains(document.activeElement);
    place.dataset.state = ticket ? ticket.state : 'none';
    let figure = '–';
    if (ticket) {
      figure = ticket.state === 'called' ? 'Your turn' : ticket.position;
    }
    field('position').textContent = figure;
    field('sentence').textContent = sentence(ticket);
    if (had && document.activeElement.offsetParent === null) {
      place.querySelector(`[data-when~="${place.dataset.state}"]`)?.focus();
    }
  }

  function showLine(line) {
    if (!tickets) {
      return;
    }
    tickets.replaceChildren(
      ...line.map((ticket) => {
        const item = document.createElement('li');
        const number = document.createElement('span');
        number.className = 'ticket';
        number.textContent = ticket.number;
        item.append(number, ` ${ticket.name} `, Sample.time(ticket.since));
        return item;
      }),
    );
    document.getElementById('nobody').hidden = line.length > 0;
  }

  function showAll(state) {
    const at = state.board.revision;
    if (at >= boardAt) {
      boardAt = at;
      showBoard(state.board);
    }
    if (at >= placeAt) {
      placeAt = at;
      showPlace(state.ticket);
    }
    if (at >= deskAt) {
      deskAt = at;
      showLine(state.line);
    }
  }

  const refetch = Sample.once(() => Sample.get('/line.json').then(showAll));

  // One answer serves all three channels, however many were interrupted.
  Sample.afterOutage(refetch);
  if (user.uid) {
    Sample.live('queue:desk', {
      event(board) {
        if (board && board.revision > boardAt) {
          boardAt = board.revision;
          showBoard(board);
        }
      },
    });
    Sample.live(`user:${user.uid}`, {
      event(told) {
        if (told && told.what === 'line' && told.revision > placeAt) {
          placeAt = told.revision;
          showPlace(told.ticket);
        }
      },
    });
  }
  if (sample.mayServe) {
    Sample.live('desk:line', {
      event(told) {
        if (told && told.revision > deskAt) {
          deskAt = told.revision;
          showLine(told.line);
        }
      },
    });
  }
  document.querySelectorAll('form[data-live]').forEach((form) => {
    Sample.form(form, showAll);
  });
})(window.Sample);
