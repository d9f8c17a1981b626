// The search over all pages. Its words lie in a script beside this one, which is loaded with the first search: a page
// from the file system may load scripts, and nothing else.
(function () {
  const top = document.querySelector('.top'), base = document.currentScript.src, most = 30;
  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const input = make('input', { type: 'search', placeholder: 'Search (press /)', autocomplete: 'off' });
  const list = make('ul', { id: 'results' }), status = make('p', { className: 'status' });
  const panel = make('div', { className: 'results', hidden: true }, status, list);
  input.setAttribute('aria-label', 'Search all pages');
  input.setAttribute('aria-controls', 'results');
  status.setAttribute('role', 'status');
  const form = make('form', { className: 'search' }, input, panel);
  form.setAttribute('role', 'search');
  top.querySelector('.home').after(form);

  let words = null;
  function load() {
    return words = words || new Promise((done, fail) => {
      const script = make('script', { src: new URL('search-index.js', base).href, onerror: fail });
      script.onload = () => done(window.gptEmbeddingsSearch.flatMap(([page, title, sections]) =>
        sections.map(([anchor, heading, text]) => ({
          page: title, heading: heading || title, text, plain: plain(`${title} ${heading} ${text}`),
          inHeading: plain(heading || title), address: new URL(anchor ? `${page}#${anchor}` : page, base).href,
        }))));
      document.head.append(script);
    });
  }

  const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

  // A hyphen needs no backslash, and with the flag u must not have one.
  const escaped = word => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

  // A word that begins with the one that is sought counts more than one that holds it, and a heading more than a text.
  function rank(section, sought) {
    let rank = 0;
    for (const word of sought) {
      const begins = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}`, 'gu');
      const hits = (section.plain.match(begins) || []).length;
      if (!hits && !section.plain.includes(word)) return 0;
      rank += 1 + Math.min(hits, 5) + (section.inHeading.match(begins) ? 20 : 0);
    }
    return rank;
  }

  // The words of all pages that differ from one by a letter: another one, one more, one less, or two exchanged. Of a
  // long word its start counts, too: "embeddn" is on the way to "embedding".
  let known = null;
  function alike(word, sections) {
    known = known || [...new Set(sections.flatMap(section => section.plain.match(/[\p{L}\p{N}]+/gu) || []))];
    if (word.length < 4) return [];
    const found = known.filter(other => differsByOne(word, other));
    return found.length || word.length < 6 ? found : known.filter(other =>
      [-1, 0, 1].some(more => differsByOne(word, other.slice(0, word.length + more))));
  }

  function differsByOne(word, other) {
    if (Math.abs(word.length - other.length) > 1) return false;
    let start = 0, end = 0;
    while (start < word.length && word[start] === other[start]) start++;
    const left = [word.slice(start), other.slice(start)];
    while (end < Math.min(left[0].length, left[1].length) && left[0].at(-1 - end) === left[1].at(-1 - end)) end++;
    const [one, two] = left.map(rest => rest.slice(0, rest.length - end));
    return one.length < 2 && two.length < 2
      || one.length === 2 && two.length === 2 && one[0] === two[1] && one[1] === two[0];
  }

  // The text around the first hit, with all hits marked.
  function excerpt(text, sought) {
    const low = plain(text), same = low.length === text.length ? low : text.toLowerCase();
    const first = Math.max(0, Math.min(...sought.map(word => same.indexOf(word)).filter(at => at >= 0)));
    const start = first < 60 ? 0 : text.indexOf(' ', first - 60) + 1;
    const part = text.slice(start, start + 170), parts = [start ? '… ' : ''];
    const hits = new RegExp(sought.map(escaped).join('|'), 'giu');
    let end = 0;
    for (const hit of part.matchAll(hits)) {
      parts.push(part.slice(end, hit.index), make('mark', {}, hit[0]));
      end = hit.index + hit[0].length;
    }
    return make('span', {}, ...parts, part.slice(end), start + 170 < text.length ? ' …' : '');
  }

  async function search() {
    let sought = plain(input.value).split(/\s+/).filter(Boolean);
    if (!sought.length) { panel.hidden = true; return; }
    let sections;
    try {
      sections = await load();
    } catch {
      status.textContent = 'The search could not be loaded.';
      panel.hidden = false;
      return;
    }
    const find = () => sections.map(section => ({ section, rank: rank(section, sought) })).filter(hit => hit.rank)
      .sort((one, other) => other.rank - one.rank);
    let found = find(), instead = '';
    if (!found.length) {
      // The most frequent of those that are alike.
      const uses = word => sections.filter(section => section.plain.includes(word)).length;
      const better = sought.map(word => uses(word) ? word
        : alike(word, sections).sort((one, other) => uses(other) - uses(one))[0] || word);
      if (better.join() !== sought.join()) {
        sought = better;
        found = find();
        instead = found.length ? ` with “${sought.join(' ')}”` : '';
      }
    }

    list.replaceChildren(...found.slice(0, most).map(({ section }) => make('li', {}, make('a',
      { href: section.address }, make('b', {}, section.heading), ' ', make('small', {}, section.page),
      excerpt(section.text, sought)))));
    status.textContent = found.length === 0 ? 'Nothing found.'
      : found.length > most ? `${found.length} sections${instead}, the first ${most}:`
      : found.length === 1 ? `1 section${instead}:` : `${found.length} sections${instead}:`;
    panel.hidden = false;
  }

  const close = () => { panel.hidden = true; };
  input.addEventListener('input', search);
  input.addEventListener('click', search);
  input.addEventListener('focus', () => { load().catch(() => {}); });
  form.addEventListener('submit', event => {
    event.preventDefault();
    const first = list.querySelector('a');
    if (!panel.hidden && first) first.click();
  });
  form.addEventListener('keydown', event => {
    const stops = [input, ...list.querySelectorAll('a')], at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      input.focus();
      close();
    } else if (step && !panel.hidden && at >= 0) {
      event.preventDefault();
      stops[(at + step + stops.length) % stops.length].focus();
    }
  });
  form.addEventListener('focusout', event => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  list.addEventListener('click', close);
  document.addEventListener('pointerdown', event => { if (!form.contains(event.target)) close(); });
  document.addEventListener('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.activeElement.closest('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
