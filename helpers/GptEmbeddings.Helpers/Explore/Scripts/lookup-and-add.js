// A sentence that the reader builds of the vocabulary's words: the rows that are looked up, those of the positions, and
// their sum.
gptExplore('lookup-and-add', function (view, data, tools) {
  const { words, table, positions, adds, room } = data, { element } = tools;
  const width = table[0].length, columns = [...Array(width).keys()].map(String);
  const add = (a, b) => a.map((value, i) => value + b[i]);
  const sums = positions && adds ? table.flatMap(row => positions.map(place => add(row, place))) : [];
  const max = Math.max(...[table, positions || [], sums].flat(2).map(Math.abs)) || 1;

  let made = 0;
  const token = id => ({ key: made++, id });
  let sentence = data.ids.map(token);

  // What the sentence's matrices hold: the rows of each part, top to bottom.
  const rowsOf = tokens => {
    const looked = tokens.map(({ id }) => table[id]), places = positions ? positions.slice(0, tokens.length) : [];
    return { looked, places, sum: adds ? looked.map((row, t) => add(row, places[t])) : [] };
  };

  const matrix = (caption, rows) => tools.matrix({ caption, rows: rows || [], columns, values: [], max });
  const wordButtons = words.map((word, id) => element('button', {
    type: 'button', 'aria-label': `${id} ${word}, look up`, click: () => append(id),
  }, `${id} ${word}`));
  const wordTable = matrix(`word table (${table.length}, ${width})`);
  wordTable.show(table, wordButtons);
  const places = positions && matrix(`positional table (${positions.length}, ${width})`);
  if (places) places.show(positions, positions.map((row, t) => String(t)));
  const looked = matrix(''), placed = positions && matrix(''), summed = adds && matrix('');

  const list = tools.tokens({ label: 'The sentence', move, swap, remove });
  const ids = element('span', {});
  const button = (text, click) => element('button', { type: 'button', click }, text);
  const swapEnds = button('Swap first and last', () => swap(0, sentence.length - 1));
  const removal = button('Remove', () => remove(list.chosen() < 0 ? sentence.length - 1 : list.chosen()));
  const restart = button('Start again', () => change(data.ids.map(token), 'The sentence is as it was at first.'));

  const term = (sign, part) => element('div', { class: 'gx-term' }, element('span', { 'aria-hidden': 'true' }, sign), part);
  if (adds) tools.status.style.minHeight = '4.2em';
  const results = element('div', { class: adds ? 'gx-row gx-sum' : 'gx-row' }, looked);
  if (placed) results.append(adds ? term('+', placed) : placed);
  if (summed) results.append(term('=', summed));
  view.append(
    element('p', { class: 'gx-title' }, view.closest('[data-explore]').getAttribute('aria-label')),
    element('p', {}, 'Click words in the table to build a sentence. Choose two of its words to swap them, '
      + 'or drag one, or move it with the arrow keys.'),
    tools.legend(max),
    element('div', { class: 'gx-row' }, wordTable, places || ''),
    list,
    ids,
    element('div', { class: 'gx-row gx-controls' }, swapEnds, removal, restart),
    tools.status,
    results);

  const name = (tokens, t) => words[tokens[t].id];
  const differing = (before, after) => after.map((row, t) => t).filter(t =>
    !before[t] || before[t].some((value, i) => value !== after[t][i]));
  const frame = (part, rows) => rows.forEach(t =>
    part.tBodies[0].rows[t].querySelectorAll('td').forEach(cell => cell.classList.add('gx-changed')));

  // Lights the rows of a word up, wherever they are; t is its place in the sentence.
  function light(t) {
    view.querySelectorAll('.gx-lit').forEach(row => row.classList.remove('gx-lit'));
    if (!sentence[t]) return;
    const rows = [[wordTable, sentence[t].id], [places, t], [looked, t], [placed, t], [summed, t]];
    for (const [part, row] of rows) if (part) part.tBodies[0].rows[row].classList.add('gx-lit');
  }

  function render() {
    const rows = rowsOf(sentence), size = `(${sentence.length}, ${width})`;
    const labels = sentence.map((one, t) => `${t} ${words[one.id]}`), numbers = labels.map((_, t) => String(t));
    looked.show(rows.looked, positions ? labels : labels.map((_, t) => words[sentence[t].id]));
    looked.caption.textContent = `rows of the words ${size}`;
    if (placed) {
      placed.show(rows.places, numbers);
      placed.caption.textContent = `rows of the positions ${size}`;
    }
    if (summed) {
      summed.show(rows.sum, numbers);
      summed.caption.textContent = `sum ${size}`;
    }
    list.show(sentence.map(({ key, id }) => ({ key, text: words[id], note: `id ${id}` })));
    ids.textContent = `ids: [${sentence.map(one => one.id).join(', ')}]`;
    const isFull = sentence.length === room;
    wordButtons.forEach(one => one.setAttribute('aria-disabled', String(isFull)));
    swapEnds.setAttribute('aria-disabled', String(sentence.length < 2));
    removal.setAttribute('aria-disabled', String(sentence.length === 0));
  }

  // What a dragged word did is told and marked against the sentence that it was taken from.
  let held = null;
  list.addEventListener('pointerdown', () => { held = sentence; });
  for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, () => { held = null; });

  // Shows another sentence: words that were there slide from their old places, new ones from the tables.
  function change(next, told, lit = -1, since = sentence) {
    const place = row => row.getBoundingClientRect(), rowsIn = part => [...part.tBodies[0].rows];
    const old = new Map(sentence.map(({ key }, t) => [key, place(rowsIn(looked)[t])])), size = sentence.length;
    const before = rowsOf(since);
    sentence = next;
    render();
    const after = rowsOf(sentence), changed = {};
    for (const part of ['looked', 'places', 'sum']) changed[part] = differing(before[part], after[part]);
    frame(looked, changed.looked);
    if (placed) frame(placed, changed.places);
    if (summed) frame(summed, changed.sum);
    const from = (row, start) => tools.slide(row, start.left - place(row).left, start.top - place(row).top);
    rowsIn(looked).forEach((row, t) =>
      from(row, old.get(sentence[t].key) || place(rowsIn(wordTable)[sentence[t].id])));
    if (placed) rowsIn(placed).forEach((row, t) => { if (t >= size) from(row, place(rowsIn(places)[t])); });
    light(lit);
    tools.say(typeof told === 'function' ? told(before, after, changed) : told);
  }

  function append(id) {
    if (sentence.length === room)
      return tools.say(positions
        ? `The sentence is full: the positional table has ${room} rows here, so there is none for word ${room + 1}.`
        : `The sentence is full: there is room for ${room} words here.`);
    const t = sentence.length;
    change([...sentence, token(id)], `“${words[id]}” has id ${id}: row ${id} of the word table`
      + (positions ? `, and row ${t} of the positional table, for its place.` : '.'), t);
  }

  function remove(t) {
    if (!sentence[t]) return tools.say('The sentence is empty.');
    const word = name(sentence, t);
    change(sentence.filter((_, i) => i !== t), `“${word}” is out.`
      + (positions && t < sentence.length - 1 ? ' The words after it have moved up to other positions.' : ''));
  }

  function swap(a, b) {
    if (sentence.length < 2) return tools.say('It takes two words to swap.');
    const next = [...sentence];
    [next[a], next[b]] = [sentence[b], sentence[a]];
    const [one, other] = [name(sentence, a), name(sentence, b)];
    change(next, (...what) => `“${one}” and “${other}” are swapped. ${compared(...what)}`);
  }

  function move(from, to) {
    const next = [...sentence], [moved] = next.splice(from, 1);
    next.splice(to, 0, moved);
    change(next, (...what) => `“${words[moved.id]}” is at position ${to}. ${compared(...what)}`, to,
      held || sentence);
  }

  // What the exchange of places did to each part, counted.
  function compared(before, after, changed) {
    const of = ` of ${after.looked.length}`;
    if (!changed.looked.length) return `The rows are the same${held ? '' : ': it is the same word'}.`;
    const rows = `Rows of the words: ${changed.looked.length}${of} changed places, their numbers are the same.`;
    if (!positions) return rows;
    const fixed = `Rows of the positions: ${changed.places.length}${of} changed.`;
    if (!adds) return `${rows} ${fixed}`;
    const text = row => row.map(value => tools.number(value)).join(), old = before.sum.map(text);
    const fresh = changed.sum.filter(t => !old.includes(text(after.sum[t]))).length;
    return `${rows} ${fixed} Sums: ${changed.sum.length}${of} changed, `
      + `${fresh} of them to vectors that no row held before. What changed is marked.`;
  }

  for (const [event, stop] of [['pointerover', 'pointerleave'], ['focusin', 'focusout']]) {
    list.addEventListener(event, ({ target }) => {
      const item = target.closest('li');
      if (item) light([...list.children].indexOf(item));
    });
    list.addEventListener(stop, () => light(-1));
  }
  render();
  tools.say(`${sentence.length} words, and the rows of their ids${positions ? ' and of their places' : ''}.`);
  return () => {
    for (const part of [wordTable, places, looked, placed, summed, view.querySelector('.gx-legend')])
      if (part) part.paint();
  };
});
