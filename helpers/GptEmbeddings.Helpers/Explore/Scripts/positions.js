// Four ways to tell positions apart: the table if there is one, what the way says of each pair of positions, and
// whether that follows from how far apart the two are.
gptExplore('positions', function (view, data, tools) {
  const { element, svg, drawing, number, say } = tools;
  const { learned, query, key, heads } = data, C = learned[0].length;
  const each = make => Array.from({ length: T }, (_, t) => make(t));
  const dot = (a, b) => a.reduce((sum, part, i) => sum + part * b[i], 0);

  // Of each pair of numbers: how far it turns from one position to the next.
  const turn = (pair, width) => 10000 ** (-2 * pair / width);

  const sinusoid = t => Array.from({ length: C }, (_, c) => {
    const angle = t * turn(c >> 1, C);
    return c % 2 ? Math.cos(angle) : Math.sin(angle);
  });

  const rotated = (vector, t) => vector.map((part, c) => {
    const angle = t * turn(c >> 1, vector.length), other = vector[c ^ 1];
    return part * Math.cos(angle) + (c % 2 ? other : -other) * Math.sin(angle);
  });

  const slope = () => 2 ** (-8 * (head + 1) / heads);
  const fraction = value => Number.isInteger(1 / value) ? `1/${1 / value}` : number(value);
  const rowsOf = table => { const rows = table(); return (i, j) => rows[i] && rows[j] ? dot(rows[i], rows[j]) : NaN; };

  // table: the rows, if the way has any. value: what it says of positions i and j, NaN where it says nothing.
  const ways = {
    learned: {
      label: 'learned table', what: 'dot product of the two rows', table: () => learned.slice(0, T),
      missing: `The table has ${learned.length} rows: there is none for a position from ${learned.length} on.`,
    },
    sinusoids: {
      label: 'sinusoids', what: 'dot product of the two rows', table: () => each(sinusoid),
    },
    rotary: {
      label: 'rotary', what: 'score of the query at the first and the key at the second', value() {
        const [queries, keys] = [query, key].map(vector => each(t => rotated(vector, t)));
        return (i, j) => dot(queries[i], keys[j]);
      },
      detail() {
        const last = query.length / 2 - 1, angle = pair => number((second - first) * turn(pair, query.length));
        return ` Between the two, the first pair of numbers turns by ${angle(0)} radians, the last by ${angle(last)}.`;
      },
    },
    alibi: {
      label: 'ALiBi', what: 'bias on the score of the query at the first and the key at the second',
      value: () => (i, j) => j > i ? NaN : -slope() * (i - j),
      missing: 'A query does not see the keys after it, so there is no bias.',
      detail: () => ` That is the slope of head ${head}, ${fraction(slope())}, times ${first - second}, subtracted.`,
    },
  };

  let way = 'learned', T = Math.max(4, Math.min(learned.length, data.longest));
  let first = Math.min(5, T - 1), second = 2, head = 0;

  const text = (x, y, anchor, words) => svg('text', { x, y, 'text-anchor': anchor }, words);

  // A heat map as one path for each color: a few dozen parts in place of thousands.
  function map(rows, cell, most, name, marks, pick) {
    const { color } = tools.scale(most), paths = new Map(), left = 26, top = 18, columns = rows[0].length;
    rows.forEach((row, i) => row.forEach((value, j) => {
      if (Number.isNaN(value)) return;
      const fill = color(Math.round(value / most * 40) / 40 * most);
      paths.set(fill, `${paths.get(fill) || ''}M${j * cell.w} ${i * cell.h}h${cell.w}v${cell.h}h${-cell.w}z`);
    }));
    const [wide, high] = [columns * cell.w, rows.length * cell.h];
    const made = drawing(left + wide + 2, top + high + 2,
      { role: 'img', 'aria-label': name, class: 'gx-picked' },
    text(left, 12, 'start', '0'), text(left + wide, 12, 'end', `${columns - 1}`),
    text(left - 4, top + Math.max(9, cell.h), 'end', '0'), text(left - 4, top + high, 'end', `${rows.length - 1}`),
    svg('g', { transform: `translate(${left} ${top})` },
      svg('rect', { width: wide, height: high, fill: 'none', stroke: 'currentColor', 'stroke-opacity': 0.4 }),
      ...[...paths].map(([fill, d]) => svg('path', { d, fill, 'shape-rendering': 'crispEdges' })), ...marks));
    made.addEventListener('click', event => {
      const box = made.getBoundingClientRect();
      const place = (value, size, count) => Math.max(0, Math.min(count - 1, Math.floor(value / size)));
      pick(place(event.clientY - box.top - top, cell.h, rows.length),
        place(event.clientX - box.left - left, cell.w, columns));
    });
    return made;
  }

  const frame = (x, y, width, height, dashes = 'none') => svg('rect', {
    x, y, width, height, fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': dashes,
  });
  const largest = rows => Math.max(...rows.flat().filter(value => !Number.isNaN(value)).map(Math.abs)) || 1;
  const figure = (title, max, map) =>
    element('figure', {}, element('figcaption', {}, title), map, tools.legend(max));

  function drawTable(room) {
    if (!ways[way].table) return [];
    const rows = ways[way].table(), most = largest(rows), cell = { w: (room - 30) / C, h: Math.min(20, room / T) };
    const marks = [[first], [second, '4 3']].filter(([t]) => t < rows.length)
      .map(([t, dashes]) => frame(0, t * cell.h, C * cell.w, cell.h, dashes));
    return [figure(`Table (${rows.length}, ${C}), first row solid, second dashed`, most,
      map(rows, cell, most, `Heat map of the table, ${rows.length} rows of ${C} numbers`, marks, t => put(t, second)))];
  }

  function drawPairs(values, room) {
    const most = largest(values), offset = second - first;
    const size = Math.min(20, (room - 30) / T), cell = { w: size, h: size };
    const [from, to] = [Math.max(0, -offset), Math.min(T, T - offset)];
    const stripe = svg('path', {
      d: `M${(from + offset) * size} ${from * size}L${(to + offset) * size} ${to * size}`,
      stroke: 'currentColor', 'stroke-opacity': 0.6,
    });
    const made = figure('All pairs: first position ↓, second →', most, map(values, cell, most,
      `Heat map, ${T} by ${T}: ${ways[way].what}`, [stripe, frame(second * size, first * size, size, size)], put));
    if (values.flat().some(Number.isNaN)) made.lastChild.append('blank: no value');
    return made;
  }

  // From the smallest to the largest value at each offset: a point where the offset alone decides.
  function drawOffsets(spans, w) {
    const h = 170, left = 46, bottom = 36, known = spans.filter(span => span.count), chosen = second - first;
    const low = Math.min(0, ...known.map(span => span.min)), high = Math.max(0, ...known.map(span => span.max));
    const x = offset => left + (w - left - 12) * (offset + T - 1) / (2 * T - 2);
    const y = value => 10 + (h - bottom - 10) * (high - value) / (high - low || 1);
    const line = (d, stroke, more) => svg('path', { d, stroke, 'stroke-width': 1.5, ...more });
    const bars = known.map(({ offset, min, max }) => `M${x(offset)} ${y(max)}V${y(min) + 0.01}`).join('');
    const name = `Smallest to largest ${ways[way].what}, by the offset of the two`;
    const parts = [
      line(`M${left} ${y(0)}H${w - 12}`, 'currentColor', { 'stroke-opacity': 0.4 }),
      line(`M${x(chosen)} 6V${h - bottom + 4}`, 'currentColor', { 'stroke-dasharray': '4 3' }),
      line(bars, tools.scale(1).color(1), { 'stroke-width': Math.max(2, Math.min(6, 240 / T)), 'stroke-linecap': 'round' }),
      ...[1 - T, 0, T - 1].map(offset => text(x(offset), h - 20, 'middle', `${offset}`)),
      ...[...new Set([low, high])].map(value => text(left - 6, y(value) + 4, 'end', number(value, high - low < 1 ? 3 : 1))),
      text((left + w) / 2, h - 4, 'middle', 'offset: second minus first'),
    ];
    return element('figure', {}, element('figcaption', {}, 'Smallest to largest value, by offset'),
      drawing(w, h, { role: 'img', 'aria-label': name }, ...parts));
  }

  function spansOf(values) {
    return Array.from({ length: 2 * T - 1 }, (_, i) => {
      const offset = i - T + 1, stripe = values.map((row, t) => row[t + offset]);
      const found = stripe.filter(value => value !== undefined && !Number.isNaN(value));
      return { offset, count: found.length, min: Math.min(...found), max: Math.max(...found) };
    });
  }

  function relation(values, spans) {
    const value = values[first][second], span = spans[second - first + T - 1], { what, missing, detail } = ways[way];
    if (Number.isNaN(value)) return `First position ${first}, second ${second}. ${missing}`;
    const isSame = span.max - span.min < 1e-4 * Math.max(1, Math.abs(span.max));
    const pairs = `${span.count} pairs with this offset`;
    const verdict = span.count === 1 ? 'No other pair has this offset.'
      : isSame ? `All ${pairs} have the same: the offset alone decides.`
        : `The ${pairs} have ${number(span.min)} to ${number(span.max)}: the offset alone does not decide.`;
    return `First position ${first}, second ${second}, offset ${second - first}. The ${what}: ${number(value)}.`
      + `${detail ? detail() : ''} ${verdict}`;
  }

  function draw() {
    [first, second] = [Math.min(first, T - 1), Math.min(second, T - 1)];
    const width = tools.room(), room = width < 600 ? width : (width - 24) / 2;
    const at = ways[way].value ? ways[way].value() : rowsOf(ways[way].table);
    const values = Array.from({ length: T }, (_, i) => Array.from({ length: T }, (_, j) => at(i, j)));
    tools.status.style.minHeight = width < 600 ? '8.4em' : '4.2em';
    const spans = spansOf(values), told = relation(values, spans);
    lengths.show(T, data.longest);
    firsts.show(first, T - 1);
    seconds.show(second, T - 1);
    headed.show(head, heads - 1);
    headed.style.display = way === 'alibi' ? '' : 'none';
    figures.replaceChildren(...drawTable(room), drawPairs(values, room), drawOffsets(spans, room));
    return told;
  }

  const change = set => { set(); say(draw()); };
  const put = (i, j) => change(() => { [first, second] = [i, j]; });

  function range(name, min, set) {
    const input = element('input', { type: 'range', min, input: () => change(() => set(+input.value)) });
    const value = element('span', {}), made = element('label', {}, name, input, value);
    made.show = (now, most) => { [input.max, input.value, value.textContent] = [most, now, now]; };
    return made;
  }

  const group = `gx-way-${Math.random()}`;
  const pickers = Object.entries(ways).map(([name, { label }]) => element('label', {}, element('input', {
    type: 'radio', name: group, value: name, checked: name === way && 'checked',
    change: () => change(() => { way = name; }),
  }), label));
  const lengths = range('Length', 4, value => { T = value; });
  const firsts = range('First position', 0, value => { first = value; });
  const seconds = range('Second position', 0, value => { second = value; });
  const headed = range('Head', 0, value => { head = value; });
  const figures = element('div', { class: 'gx-row' });
  view.append(
    element('p', { class: 'gx-title' }, view.closest('[data-explore]').getAttribute('aria-label')),
    element('p', {}, 'Pick a way, a length and two positions; a click in a picture picks positions too.'),
    element('fieldset', {}, element('legend', { class: 'gx-hidden' }, 'Way'), ...pickers),
    element('div', { class: 'gx-row' }, lengths, firsts, seconds, headed), tools.status, figures);
  say(draw());
  tools.onResize(draw);
  return draw;
});
