/**
 * The members' news: one channel for whoever is logged in.
 */
(function (Sample) {
  const feed = document.getElementById('news');
  const state = document.getElementById('news-state');
  const SHOWN = 12;

  function sentence(news) {
    const verb = { insert: 'wrote', update: 'changed', delete: 'deleted' }[
      news.op
    ];
    if (news.what !== 'note' || !verb) {
      return '';
    }
    return `${news.by} ${verb} ${news.title ? `“${news.title}”` : 'a note'}`;
  }

  Sample.live('members:news', {
    event(news) {
      const text = news && sentence(news);
      if (text) {
        const item = document.createElement('li');
        item.append(text, Sample.time(news.at));
        feed.prepend(item);
        while (feed.children.length > SHOWN) {
          feed.lastElementChild.remove();
        }
      }
    },
    refused(code) {
      state.textContent = `The broker refuses this channel (${code}): it is for those who are signed in.`;
    },
  });
})(window.Sample);
