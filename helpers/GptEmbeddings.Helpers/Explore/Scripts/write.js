// The explorer of Explore.Write: a trained GPT that writes here. Its matrices come as one byte a number.
gptExplore('write', (view, data, tools) => {
  // Beside explore.css, which stands in every saved explorer: what none but this one needs.
  const css = `
    .gx.gx .gx-fixed button { touch-action: auto; cursor: pointer; padding: 3px 6px; }
    .gx.gx .gx-drawn { border-style: dashed; }
    .gx.gx .gx-text { font-size: 16px; min-height: 1.4em; }
    .gx.gx .gx-error:empty { display: none; }
    .gx.gx .gx-error { border-left: 4px solid #d1242f; padding-left: 8px; }
    .gx.gx .gx-type { background: var(--gx-paper); color: var(--gx-ink); border: 1px solid #808080;
      border-radius: 6px; min-height: 30px; padding: 3px 6px; width: 220px; margin: 0; }`;
  const { element, svg, number, say } = tools, { tokens, context, heads, starts } = data, shownNext = 10;

  function decode(base64) {
    const text = atob(base64), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes.buffer;
  }

  const weights = {}, bytes = new Int8Array(decode(data.bytes)), floats = new Float32Array(decode(data.floats));
  let byteAt = 0, floatAt = 0;
  for (const { name, rows, columns } of data.parts) {
    if (rows) {
      weights[name] = Float32Array.from({ length: rows * columns }, (_, i) =>
        bytes[byteAt + i] * floats[floatAt + Math.floor(i / columns)]);
      byteAt += rows * columns;
      floatAt += rows;
    } else {
      weights[name] = floats.slice(floatAt, floatAt + columns);
      floatAt += columns;
    }
  }
  const wordTable = weights['words.weight'], places = weights['positions.weight'], width = places.length / context;
  const rowOf = (table, i) => table.subarray(i * width, (i + 1) * width);
  const sumOf = (id, place) => rowOf(wordTable, id).map((value, c) => value + rowOf(places, place)[c]);

  function normalized(x, name) {
    const mean = x.reduce((sum, value) => sum + value, 0) / width;
    const spread = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width + 1e-5);
    const gain = weights[`${name}.weight`], shift = weights[`${name}.bias`];
    return x.map((value, c) => (value - mean) / spread * gain[c] + shift[c]);
  }

  function dot(a, from, b, count, start = 0) {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += a[from + c] * b[start + c];
    return sum;
  }

  const linear = (x, name) => weights[`${name}.bias`].map((bias, r) =>
    bias + dot(weights[`${name}.weight`], r * x.length, x, x.length));

  function softmax(scores) {
    const most = scores.reduce((a, b) => Math.max(a, b), -Infinity), powers = scores.map(s => Math.exp(s - most));
    const all = powers.reduce((a, b) => a + b, 0);
    return powers.map(power => power / all);
  }

  // Each place looks at itself and the places before it.
  function attend(seen, block) {
    const [queries, keys, values] = ['query', 'key', 'value'].map(part => seen.map(x => linear(x, `${block}.${part}`)));
    const share = width / heads;
    return queries.map((query, t) => {
      const collected = new Float32Array(width);
      for (let from = 0; from < width; from += share) {
        const scores = Float64Array.from({ length: t + 1 }, (_, other) =>
          dot(query, from, keys[other], share, from) / Math.sqrt(share));
        softmax(scores).forEach((weight, other) => {
          for (let c = from; c < from + share; c++) collected[c] += weight * values[other][c];
        });
      }
      return linear(collected, `${block}.mix`);
    });
  }

  const plus = (x, more) => x.map((value, c) => value + more[c]);

  // The scores of all tokens after these ids.
  function scoresAfter(ids) {
    let stream = ids.map(sumOf);
    for (let i = 0; `blocks.${i}.norm1.weight` in weights; i++) {
      const block = `blocks.${i}`, found = attend(stream.map(x => normalized(x, `${block}.norm1`)), block);
      stream = stream.map((x, t) => plus(x, found[t])).map(x => plus(x, linear(
        linear(normalized(x, `${block}.norm2`), `${block}.widen`).map(value => Math.max(0, value)), `${block}.narrow`)));
    }
    const last = normalized(stream[stream.length - 1], 'norm');
    return Float64Array.from(tokens, (_, id) => dot(wordTable, id * width, last, width));
  }
  // For whoever wants to check them.
  view.scoresAfter = scoresAfter;

  // GPT-2's words, with the white space of .NET; words that never occurred are not cut.
  const space = String.raw`\f\n\r\t\v\x85\p{Z}`, ids = new Map();
  const pattern = new RegExp(String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^${space}\p{L}\p{N}]+`
    + `|[${space}]+(?![^${space}])|[${space}]+`, 'gu');
  tokens.forEach((token, id) => { if (id && !token.includes('\uFFFD') && !ids.has(token)) ids.set(token, [id]); });
  for (const word of data.words) {
    const text = word.map(id => tokens[id]).join('');
    if (!ids.has(text)) ids.set(text, word);
  }
  function cut(text) {
    const words = text ? ` ${text}`.match(pattern) : [], unknown = words.find(word => !ids.has(word));
    return unknown === undefined ? { ids: words.flatMap(word => ids.get(word)) } : { unknown };
  }
  view.cut = cut;

  const shown = id => id ? tokens[id].replace(/^ /, '␣').replace(/\n/g, '⏎') : 'end';
  const percent = share => `${number(100 * share, 1)} %`;
  // The ids of the text begin with the end mark; `begun` of them are the reader's.
  let text = [0], begun = 1, selected = 0, temperature = 0.8, scores = [], next = [];
  const ended = () => text.length > 1 && text[text.length - 1] === 0;
  const isFull = () => ended() || text.length > context;
  const told = () => text.filter(id => id).map(id => tokens[id]).join('').trim();

  function expect() {
    scores = isFull() ? [] : scoresAfter(text);
    share();
  }

  function share() {
    const shares = softmax(scores.map(score => score / temperature));
    next = [...shares.keys()].map(id => ({ id, share: shares[id] })).sort((a, b) => b.share - a.share);
  }

  function open(start) {
    text = [0, ...start];
    begun = text.length;
    selected = text.length - 1;
    expect();
  }

  function append(id) {
    text.push(id);
    selected = Math.min(text.length, context) - 1;
    expect();
  }

  function drawOne() {
    let left = Math.random();
    append((next.find(({ share }) => (left -= share) < 0) || next[0]).id);
  }

  function begin() {
    const typed = input.value.trim(), found = cut(typed);
    const problem = found.unknown !== undefined
      ? `The model does not know “${found.unknown.trim() || 'two spaces'}”: it is none of its ${tokens.length.toLocaleString('en')} tokens, `
        + 'nor one of the words that it read in pieces. Take another word.'
      : found.ids.length >= context ? `That is ${found.ids.length} tokens long; there is room for ${context - 1}.` : '';
    error.textContent = problem;
    input.setAttribute('aria-invalid', Boolean(problem));
    if (problem) return;
    open(found.ids);
    tell();
  }

  function writeOn(isWhole) {
    if (isFull()) return;
    do drawOne(); while (isWhole && !isFull());
    tell();
  }

  function another() {
    text = text.slice(0, begun);
    expect();
    writeOn(true);
  }

  function strip(row, what) {
    const { color } = tools.scale(largest), least = Math.min(...row), most = Math.max(...row);
    return svg('svg', { viewBox: `0 0 ${width} 1`, preserveAspectRatio: 'none', role: 'img',
      'aria-label': `${what}: ${width} numbers from ${number(least, 2)} to ${number(most, 2)}` },
    ...[...row].map((value, c) => svg('rect', { x: c, width: 1, height: 1, fill: color(value) },
      svg('title', {}, `number ${c}: ${number(value)}`))));
  }

  function drawRows() {
    const id = text[selected], row = (name, values) => element('tr', {}, element('th', { scope: 'row' }, name),
      element('td', { class: 'gx-strip' }, strip(values, name)));
    rows.replaceChildren(
      element('caption', {}, `What the model makes of ${shown(id)} at position ${selected}: ${width} numbers a row`),
      element('tbody', {}, row(`word row ${id}`, rowOf(wordTable, id)),
        row(`position row ${selected}`, rowOf(places, selected)), row('their sum', sumOf(id, selected))));
  }

  function drawTokens() {
    const focused = [...list.querySelectorAll('button')].indexOf(document.activeElement);
    list.replaceChildren(...text.map((id, place) => element('li', {}, element('button', {
      type: 'button', 'aria-pressed': place === selected, 'aria-disabled': place >= context,
      class: place < begun ? false : 'gx-drawn',
      'aria-label': `${shown(id)} ${id}, position ${place}`,
      click: () => { if (place < context) { selected = place; tell(); } },
    }, element('span', {}, shown(id)), ' ', element('small', {}, String(id))))));
    if (focused >= 0) list.children[Math.min(focused, text.length - 1)].firstChild.focus();
  }

  function drawNext() {
    const bar = share => svg('svg', { viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': true },
      svg('rect', { width: 100 * share, height: 1, fill: 'currentColor' }));
    const focused = [...table.querySelectorAll('button')].indexOf(document.activeElement);
    table.hidden = isFull();
    table.replaceChildren(
      element('caption', {}, `The ${shownNext} likeliest next tokens at temperature ${number(temperature, 1)}: click one`),
      element('tbody', {}, ...next.slice(0, shownNext).map(({ id, share }) => element('tr', {},
        element('th', { scope: 'row' }, element('button', { type: 'button', click: () => { append(id); tell(); } },
          shown(id))),
        element('td', {}, percent(share)), element('td', { class: 'gx-strip' }, bar(share))))));
    const buttons = table.querySelectorAll('button');
    if (focused >= 0 && !isFull()) buttons[focused].focus();
  }

  function draw() {
    const start = text.slice(1, begun).map(id => tokens[id]).join('').trim(), all = told();
    written.replaceChildren(element('strong', {}, start), all.slice(start.length),
      ended() ? ' ∎' : isFull() ? ' …' : '');
    ending.textContent = ended() ? 'It drew the end mark: the text is complete.'
      : isFull() ? `All ${context} positions are used: there is no row for another one.` : '';
    for (const button of [one, whole]) button.setAttribute('aria-disabled', isFull());
    heat.value = temperature;
    heat.setAttribute('aria-valuetext', number(temperature, 1));
    degrees.textContent = number(temperature, 1);
    drawTokens();
    drawRows();
    drawNext();
  }

  function tell() {
    draw();
    const likely = next.slice(0, 3).map(({ id, share }) => `${shown(id)} ${percent(share)}`).join(', ');
    say(`${told()}. ${ending.textContent || `Likeliest next: ${likely}.`}`);
  }

  const input = element('input', { type: 'text', class: 'gx-type', maxlength: 200, spellcheck: 'false', change: begin });
  input.value = starts[0];
  const picks = element('select', { change: event => { input.value = event.target.value; begin(); } },
    ...starts.map(start => element('option', { value: start }, start || '(nothing)')));
  const error = element('p', { role: 'alert', class: 'gx-error' });
  const button = (name, click) => element('button', { type: 'button', click }, name);
  const one = button('Next', () => writeOn(false)), whole = button('Write to the end', () => writeOn(true));
  const heat = element('input', { type: 'range', min: 0.1, max: 2, step: 0.1,
    input: event => { temperature = +event.target.value; share(); tell(); } }), degrees = element('span', {});
  const [written, ending] = [element('p', { class: 'gx-text' }), element('p', {})];
  const list = element('ol', { class: 'gx-tokens gx-fixed', 'aria-label': 'Tokens of the text' });
  const rows = element('table', { class: 'gx-nearest' }), table = element('table', { class: 'gx-nearest' });
  const largest = Math.max(0, ...starts.flatMap(start =>
    cut(start).ids.flatMap((id, i) => [...sumOf(id, i + 1).map(Math.abs)]))) || 1;
  const legend = tools.legend(largest, true);

  view.append(element('style', {}, css),
    element('p', { class: 'gx-title' }, view.closest('[data-explore]').getAttribute('aria-label')),
    element('p', {}, `The trained model of this notebook, on this page. It knows ${tokens.length.toLocaleString('en')} tokens and ${context} `
      + 'positions, and writes what looks like the texts that it read. It knows nothing about the world, and what it '
      + 'says need not be true.'),
    element('div', { class: 'gx-row gx-controls' }, element('label', {}, 'Begin with ', input),
      element('label', {}, 'or pick ', picks)), error,
    element('div', { class: 'gx-row gx-controls' }, one, whole, button('Another', another),
      element('label', {}, 'Temperature ', heat, degrees)),
    written, ending, table, element('p', {}, 'Its tokens and their ids. Click one for its rows.'), list, rows, legend,
    tools.status);
  tools.status.className = 'gx-hidden';
  open(cut(starts[0]).ids);
  draw();
  return () => { legend.paint(); draw(); };
});
