/**
 * The operator's page: figures that the broker publishes by itself.
 */
(function (Sample) {
  const figures = document.getElementById('figures');
  const state = document.getElementById('operator-state');
  let last = null;

  function show(name, value) {
    const place = figures.querySelector(`[data-figure="${name}"]`);
    place.textContent = value.toLocaleString();
  }

  Sample.live('operator:figures', {
    event(data) {
      [
        'clients',
        'users',
        'subscriptions',
        'publications',
        'deliveries',
      ].forEach((name) => show(name, data[name]));
      show('uptime', data.uptime);
      if (last !== null && data.uptime >= last.uptime) {
        // They come each second, give or take.
        show('publicationRate', data.publications - last.publications);
        show('deliveryRate', data.deliveries - last.deliveries);
      }
      last = data;
    },
    refused(code) {
      state.textContent = `The broker refuses the figures (${code}).`;
    },
  });
})(window.Sample);
