// Training, step by step: both tables in one fixed projection, the loss, and the nearest rows of a word or position by
// the cosine of all their numbers, or the words that the model expects next.
gptExplore('training', function (view, data, tools) {
  const { element, svg, drawing, number, say } = tools;
  const { words, classes, every, losses, floor, width, next } = data;
  const symbols = ['circle', 'square', 'diamond', 'cross', 'circle-open', 'square-open', 'diamond-open'];
  const groups = [...new Set(classes)], near = 4, likely = 8, frame = 400;

  // Two bytes a number, the lower first.
  function unpack({ scale, numbers }) {
    const bytes = Uint8Array.from(atob(numbers), letter => letter.charCodeAt(0)), read = new DataView(bytes.buffer);
    const rows = [];
    for (let i = 0; i < bytes.length / 2; i += width)
      rows.push(Float64Array.from({ length: width }, (_, c) => read.getInt16(2 * (i + c), true) * scale));
    return rows;
  }

  // The rows of both tables one after the other, at each saved step.
  const steps = data.steps.map(one => [...unpack(one.words), ...unpack(one.positions)]);
  const points = steps[0].map((_, i) => i < words.length
    ? { name: words[i], kind: classes[i], group: groups.indexOf(classes[i]) }
    : { name: `${i - words.length}`, kind: 'position', group: -1 });
  const places = steps.map(rows => rows.map(row => data.directions.map(direction =>
    direction.reduce((sum, part, c) => sum + part * (row[c] - data.mean[c]), 0))));
  const ends = [0, 1].map(axis => {
    const all = places.flat().map(place => place[axis]);
    return [Math.min(...all), Math.max(...all)];
  });
  const largest = steps.flat().reduce((most, row) => Math.max(most, ...row.map(Math.abs)), 0);

  const dot = (a, b) => a.reduce((sum, part, c) => sum + part * b[c], 0);
  const cosine = (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

  // Within the table of the row itself.
  function nearest() {
    const rows = steps[at], isWord = chosen < words.length;
    return rows.map((row, i) => ({ i, cosine: cosine(rows[chosen], row) }))
      .filter(({ i }) => i !== chosen && (i < words.length) === isWord)
      .sort((a, b) => b.cosine - a.cosine).slice(0, near);
  }

  let at = steps.length - 1, { chosen } = data, timer = 0, speaks = false;

  // Words that are as likely stay in the order of their ids.
  function expected() {
    return next.shares[at][+asked.value].map((share, i) => ({ i, share }))
      .sort((a, b) => b.share - a.share).slice(0, likely);
  }

  const colorOf = point => point.group < 0 ? 'currentColor' : data.colors[point.group % data.colors.length];

  function mark(point, x, y) {
    const symbol = point.group < 0 ? 'circle-open' : symbols[point.group % symbols.length];
    const open = symbol.endsWith('-open'), color = colorOf(point), r = point.group < 0 ? 2.5 : 4.5, t = r / 3;
    const shape = {
      circle: `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
      square: `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
      diamond: `M0 ${-r * 1.3}l${r * 1.3} ${r * 1.3}l${-r * 1.3} ${r * 1.3}l${-r * 1.3} ${-r * 1.3}z`,
      cross: `M${-t} ${-r}h${2 * t}v${r - t}h${r - t}v${2 * t}h${t - r}v${r - t}h${-2 * t}v${t - r}h${t - r}v${-2 * t}`
        + `h${r - t}z`,
    }[symbol.replace('-open', '')];
    return svg('path', { d: shape, transform: `translate(${x} ${y})`, fill: open ? 'none' : color,
      stroke: open ? color : 'currentColor', 'stroke-width': open ? 2 : 0.5, 'stroke-opacity': open ? 1 : 0.6 });
  }

  function drawPlot(others) {
    const size = { w: Math.min(tools.room(), 430), h: Math.min(tools.room(), 400) }, edge = 24;
    const [wide, high] = ends.map(([from, to]) => to - from || 1);
    const [midX, midY] = ends.map(([from, to]) => (from + to) / 2);
    const scale = Math.min((size.w - 2 * edge) / wide, (size.h - 2 * edge) / high);
    const pixels = places[at].map(([x, y]) => [size.w / 2 + scale * (x - midX), size.h / 2 - scale * (y - midY)]);
    const taken = { labels: [], marks: pixels.map(([x, y]) => ({ x, y, w: 9, h: 9 })) };
    const first = [chosen, ...others.map(one => one.i)];
    const order = [...first, ...points.keys()].filter((i, place, all) => all.indexOf(i) === place);
    const lines = others.map(({ i }) => svg('path', {
      d: `M${pixels[chosen]}L${pixels[i]}`, stroke: 'currentColor', 'stroke-opacity': 0.5 }));
    // One stop for the tabulator key; the arrows go on from there.
    const marks = points.map((point, i) => {
      const [x, y] = pixels[i], made = svg('g', {
        role: 'button', tabindex: i === chosen ? 0 : -1, 'aria-pressed': i === chosen, 'data-point': i,
        'aria-label': point.group < 0 ? `position ${point.name}` : `${point.name}, ${point.kind}` });
      const ring = { cx: x, cy: y, r: 10, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 };
      if (i === chosen) made.append(svg('circle', ring));
      made.append(mark(point, x, y));
      return made;
    });
    const labels = order.map(i => {
      const made = tools.label(points[i].name, pixels[i], taken, size, first.includes(i));
      if (made) made.dataset.point = i;
      return made;
    }).filter(Boolean);
    const hadFocus = plot.contains(document.activeElement);
    const name = `The rows of both tables along two directions, step ${at * every}`;
    plot.replaceChildren(drawing(size.w, size.h, { role: 'group', class: 'gx-picked', 'aria-label': name },
      ...lines, ...marks, ...labels));
    if (hadFocus) plot.querySelector('[tabindex="0"]').focus();
    plot.onclick = event => {
      const box = plot.firstChild.getBoundingClientRect(), hit = event.target.closest('text');
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      const away = i => Math.hypot(pixels[i][0] - x, pixels[i][1] - y);
      choose(hit ? +hit.dataset.point : [...points.keys()].sort((a, b) => away(a) - away(b))[0]);
    };
  }

  function drawLoss() {
    const w = Math.min(tools.room(), 250), h = 196, left = 34, bottom = 34, step = at * every;
    const most = Math.max(...losses, floor ? floor.value : 0), x = i => left + (w - left - 8) * i / losses.length;
    const y = value => h - bottom - (h - bottom - 16) * value / most;
    const ticks = [...Array(Math.floor(most) + 1).keys()].filter(tick => tick % Math.ceil(most / 6) === 0);
    const text = (x, y, anchor, words) => svg('text', { x, y, 'text-anchor': anchor }, words);
    const line = (d, stroke, more) => svg('path', { d, stroke, fill: 'none', 'stroke-width': 1.5, ...more });
    const [from, to] = [losses[0], losses[losses.length - 1]].map(value => number(value, 2));
    const parts = ticks.flatMap(tick => [text(left - 6, y(tick) + 4, 'end', `${tick}`),
      line(`M${left} ${y(tick)}H${w - 8}`, 'currentColor', { 'stroke-opacity': 0.2 })]);
    if (floor) parts.push(line(`M${left} ${y(floor.value)}H${w - 8}`, data.colors[1], { 'stroke-dasharray': '6 4' }),
      text(w - 8, y(floor.value * 0.35), 'end', `${floor.name} ${number(floor.value, 2)}`));
    parts.push(text(left, 10, 'start', 'loss'), text(left, h - 18, 'start', '0'),
      text((left + w) / 2, h - 18, 'middle', 'step'), text(w - 8, h - 18, 'end', `${losses.length}`),
      line(`M${losses.map((loss, i) => `${x(i + 1).toFixed(1)} ${y(loss).toFixed(1)}`).join('L')}`, data.colors[0]),
      line(`M${x(step)} 14V${h - bottom}`, 'currentColor'));
    if (step) parts.push(svg('circle', { cx: x(step), cy: y(losses[step - 1]), r: 4.5, fill: data.colors[0] }));
    const name = `The loss, from ${from} at step 1 to ${to} at step ${losses.length}`;
    loss.replaceChildren(drawing(w, h, { role: 'img', class: 'gx-picked', 'aria-label': name }, ...parts));
    loss.onclick = event => {
      const share = (event.clientX - loss.firstChild.getBoundingClientRect().left - left) / (w - left - 8);
      go(Math.round(share * losses.length / every));
    };
  }

  function drawNearest(others) {
    const { color } = tools.scale(largest), isWord = chosen < words.length;
    const strip = row => svg('svg', { viewBox: `0 0 ${width} 1`, preserveAspectRatio: 'none', 'aria-hidden': true },
      ...[...row].map((value, c) => svg('rect', { x: c, width: 1, height: 1, fill: color(value) },
        svg('title', {}, `number ${c}: ${number(value)}`))));
    const heads = [isWord ? 'word' : 'position', 'cosine', `the ${width} numbers of its row`];
    table.replaceChildren(
      element('caption', {}, `Nearest to ${isWord ? '' : 'position '}${points[chosen].name} at step ${at * every}, `
        + `by the cosine of all ${width} numbers`),
      element('thead', {}, element('tr', {}, ...heads.map(head => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...[{ i: chosen, cosine: 1 }, ...others].map(({ i, cosine }) => element('tr', {},
        element('th', { scope: 'row' }, points[i].name), element('td', {}, number(cosine)),
        element('td', { class: 'gx-strip' }, strip(steps[at][i]))))));
  }

  function drawNext(shares) {
    const bar = ({ i, share }) => svg('svg', { viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': true },
      svg('rect', { width: 100 * share, height: 1, fill: colorOf(points[i]) }));
    table.replaceChildren(
      element('caption', {}, `The ${shares.length} likeliest words after "${next.texts[+asked.value]}" `
        + `at step ${at * every}`),
      element('thead', {}, element('tr', {}, ...['next word', 'share', 'of all'].map(head =>
        element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...shares.map(one => element('tr', {},
        element('th', { scope: 'row' }, words[one.i]), element('td', {}, `${number(100 * one.share, 1)} %`),
        element('td', { class: 'gx-strip' }, bar(one))))));
  }

  const told = () => at === 0 ? `before step 1 of ${losses.length}`
    : `step ${at * every} of ${losses.length}, loss ${number(losses[at * every - 1], 2)}`;

  function draw() {
    const others = nearest();
    slider.value = at;
    slider.setAttribute('aria-valuetext', told());
    output.textContent = told();
    select.value = chosen;
    play.textContent = timer ? 'Pause' : 'Play';
    drawPlot(others);
    drawLoss();
    speak.setAttribute('aria-pressed', speaks);
    after.hidden = !speaks;
    scale.hidden = speaks;
    if (speaks) drawNext(expected()); else drawNearest(others);
    return others;
  }

  function tell() {
    const others = draw().map(one => `${points[one.i].name} ${number(one.cosine, 2)}`);
    const near = `Nearest to ${chosen < words.length ? '' : 'position '}${points[chosen].name}: ${others.join(', ')}`;
    const said = () => `After "${next.texts[+asked.value]}": `
      + expected().map(one => `${words[one.i]} ${number(100 * one.share, 1)} %`).join(', ');
    say(`${told()}. ${speaks ? said() : near}.`);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
  }

  function go(step) {
    stop();
    at = Math.max(0, Math.min(steps.length - 1, step));
    tell();
  }

  function choose(point) {
    chosen = (point + points.length) % points.length;
    speaks = false;
    tell();
  }

  function tick() {
    if (view.isConnected && at < steps.length - 1) at++;
    if (at === steps.length - 1 || !view.isConnected) stop();
    timer ? draw() : tell();
  }

  const play = element('button', { type: 'button' }), output = element('span', {});
  const table = element('table', { class: 'gx-nearest' });
  const slider = element('input', { type: 'range', min: 0, max: steps.length - 1, 'aria-label': 'Saved step' });
  const keys = [...groups, 'position'].map(name => ({ name, group: groups.indexOf(name) }));
  const select = element('select', {}, ...keys.map(({ name, group }) => element('optgroup', { label: name },
    ...[...points.keys()].filter(i => points[i].group === group).map(i =>
      element('option', { value: i }, group < 0 ? `position ${points[i].name}` : points[i].name)))));
  const [plot, loss] = [element('div'), element('div')], legend = element('div', { class: 'gx-key' }, ...keys.map(key =>
    element('span', {}, svg('svg', { width: 16, height: 14, 'aria-hidden': true }, mark(key, 8, 7)), key.name)));
  const scale = tools.legend(largest), texts = next ? next.texts : [];
  const asked = element('select', { change: tell }, ...texts.map((text, i) => element('option', { value: i }, text)));
  const after = element('label', {}, 'After ', asked), turn = () => { speaks = !speaks; tell(); };
  const speak = element('button', { type: 'button', click: turn }, 'Next word');
  slider.oninput = () => go(+slider.value);
  select.onchange = () => choose(+select.value);
  play.onclick = () => {
    if (timer) return go(at);
    if (at === steps.length - 1) at = 0;
    timer = setInterval(tick, frame);
    draw();
  };
  plot.onkeydown = event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(chosen + step);
  };

  view.append(
    element('p', { class: 'gx-title' }, view.closest('[data-explore]').getAttribute('aria-label')),
    element('p', {}, `Move the slider or press Play. Click a word for its nearest words by all ${width} numbers.`
      + (next ? ' Next word shows what the model expects after a text.' : '')),
    element('div', { class: 'gx-player' }, play, slider, output, ...(next ? [speak] : [])),
    element('div', { class: 'gx-row' }, plot, element('div', { class: 'gx-side' }, loss, legend,
      element('label', {}, 'Follow ', select))), scale, ...(next ? [after] : []), table, tools.status);
  tools.status.className = 'gx-hidden';
  draw();
  tools.onResize(draw);
  return () => { scale.paint(); draw(); };
});
